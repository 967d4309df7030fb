import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { withOwnServer } from '../../testing/with-own-server.ts';
import { CHECKS } from './checks.ts';
import { describeParity } from './describe-parity.ts';
import { type Row, runChecks } from './run-checks.ts';

let rows: Row[];

beforeAll(async () => {
  rows = await withOwnServer((target) => runChecks(target, CHECKS));
}, 180_000);

test('every rule is named once', () => {
  const names = CHECKS.map(({ operation, rule }) => `${operation}: ${rule}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('the server keeps every rule', () => {
  expect(rows.filter(({ failure }) => failure !== undefined)).toEqual([]);
});

test('PARITY.md is up to date (npm run parity writes it)', () => {
  expect(readFileSync(new URL('../../PARITY.md', import.meta.url), 'utf8')).toBe(describeParity(rows));
});
