import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { runTool } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';
import { withOwnServer } from '../../testing/with-own-server.ts';
import { CHECKS } from './checks.ts';
import { describeParity } from './describe-parity.ts';
import { type Row, runChecks } from './run-checks.ts';

let rows: Row[];

beforeAll(async () => {
  rows = await withOwnServer((target) => runChecks(target, CHECKS));
});

it('every rule is named once', () => {
  const names = CHECKS.map(({ operation, rule }) => `${operation}: ${rule}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('the server keeps every rule', () => {
  expect(rows.filter(({ failure }) => failure !== undefined)).toEqual([]);
});

it('PARITY.md is up to date (npm run parity writes it)', () => {
  expect(readFileSync(new URL('../../PARITY.md', import.meta.url), 'utf8')).toBe(describeParity(rows));
});

it('npm run parity needs a token for a server that it has not started', async () => {
  const folders = createFolders();
  const { code, stderr } = await runTool('parity', ['--url', 'http://127.0.0.1:1'], folders);
  folders.remove();
  expect([code, stderr]).toEqual([2, expect.stringContaining('--url needs --token')]);
});
