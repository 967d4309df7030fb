import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exitCodeFor, formatTable, isMet, type Row, report } from '../../bench/report.ts';

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

it('shows the target beside what was measured', () => {
  expect(formatTable('Speed', [figure, fast, slow, elsewhere])).toBe(`Speed
measure           result   target
resident memory  1235 MB
encode              0.60  <= 0.70  met
encode              0.71  <= 0.70  MISSED
encode              0.71  <= 0.70  not applicable: the encoder computes in fp32 here
`);
});

describe('report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontur-test-'));
  const jsonFile = join(folder, 'figures.json');
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(jsonFile, { force: true });
  });
  const reported = (checkTargets: boolean) => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    report('Speed', [fast, slow], { jsonFile, checkTargets });
    return { printed: write.mock.calls.join(''), figures: JSON.parse(readFileSync(jsonFile, 'utf8')) };
  };

  it('sets the exit code and writes what was met', () => {
    const { printed, figures } = reported(true);
    expect(process.exitCode).toBe(1);
    expect(printed).toContain('MISSED');
    expect(figures).toEqual({
      title: 'Speed',
      rows: [
        { ...fast, met: true },
        { ...slow, met: false },
      ],
    });
  });

  it('judges nothing where targets are not checked', () => {
    const { printed, figures } = reported(false);
    expect(process.exitCode).not.toBe(1);
    expect(printed).not.toMatch(/met|MISSED/);
    expect(figures.rows).toEqual([fast, slow]);
  });
});
