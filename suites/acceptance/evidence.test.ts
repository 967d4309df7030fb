import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { anchorOf } from '../../testing/find-broken-citations.ts';
import { readRules } from '../../testing/read-rules.ts';
import { ANCHORS } from './anchors.ts';
import { CHECKS } from './checks.ts';

it('every mark of a row has a statement of its kind among the rules of docs/contract.md that its operation names', () => {
  const rules = readRules(readFileSync(new URL('../../docs/contract.md', import.meta.url), 'utf8'));
  const kinds = new Map(rules.map(({ rule, statements }) => [anchorOf(rule), statements.map(({ kind }) => kind)]));
  const unfounded = CHECKS.filter(
    ({ operation, mark }) => !ANCHORS[operation].some((anchor) => kinds.get(anchor)?.includes(mark)),
  );
  expect(unfounded.map(({ operation, rule, mark }) => `${operation} | ${rule} (${mark})`)).toEqual([]);
});
