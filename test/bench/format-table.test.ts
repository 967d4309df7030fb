import { describe, expect, it } from 'vitest';
import { formatTable } from '../../bench/format-table.ts';
import { exitCodeFor, isMet, type Row } from '../../bench/row.ts';

const figure: Row = { name: 'resident memory', measured: 1234.5, unit: 'MB' };
const fast: Row = { name: 'encode', measured: 0.6, target: { atMost: 0.7 } };
const slow: Row = { ...fast, measured: 0.71 };
const accurate: Row = { name: 'box', measured: 73.7, target: { atLeast: 73.7 } };
const elsewhere: Row = { ...slow, notApplicable: 'the encoder computes in fp32 here' };

describe('a target', () => {
  it.each([
    [fast, true],
    [slow, false],
    [accurate, true],
    [{ ...accurate, measured: 73.69 }, false],
    [{ ...accurate, measured: Number.NaN }, false],
    [figure, undefined],
    [elsewhere, undefined],
  ])('%o is met: %o', (row, met) => {
    expect(isMet(row)).toBe(met);
  });
});

describe('the exit code', () => {
  it('is 1 as soon as one target is missed', () => {
    expect(exitCodeFor([fast, slow, accurate])).toBe(1);
  });

  it('is 0 with all met, none set, or none applicable', () => {
    expect(exitCodeFor([figure, fast, accurate, elsewhere])).toBe(0);
  });
});

it('shows the target next to what was measured', () => {
  expect(formatTable('Speed', [figure, fast, slow, elsewhere])).toBe(`Speed
measure           result   target
resident memory  1235 MB
encode              0.60  <= 0.70  met
encode              0.71  <= 0.70  MISSED
encode              0.71  <= 0.70  not applicable: the encoder computes in fp32 here
`);
});
