import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { report } from '../../bench/report.ts';
import type { Row } from '../../bench/row.ts';

const figure: Row = { name: 'resident memory', measured: 1234.5, unit: 'MB' };
const fast: Row = { name: 'encode', measured: 0.6, target: { atMost: 0.7 } };
const slow: Row = { ...fast, measured: 0.71 };

describe('report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontur-test-'));
  const jsonFile = join(folder, 'figures.json');
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(jsonFile, { force: true });
  });
  const reported = (checkTargets: boolean, rows = [fast, slow]) => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    report({ title: 'Speed', command: 'npm run bench', settings: { threads: 2 } }, rows, { jsonFile, checkTargets });
    return { printed: write.mock.calls.join(''), figures: JSON.parse(readFileSync(jsonFile, 'utf8')) };
  };

  it('sets the exit code and writes what was met', () => {
    const { printed, figures } = reported(true);
    expect(process.exitCode).toBe(1);
    expect(printed).toContain('MISSED');
    expect(figures).toMatchObject({
      title: 'Speed',
      command: 'npm run bench',
      settings: { threads: 2 },
      rows: [
        { ...fast, met: true },
        { ...slow, met: false },
      ],
    });
  });

  it('writes where and of what it was measured', () => {
    const { figures } = reported(true);
    expect(figures.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(figures.commit).toMatch(/^([0-9a-f]{7,}( and changes)?|unknown)$/);
    expect(figures.machine).toMatchObject({ cores: cpus().length, node: process.versions.node });
    expect(figures.machine.processor).toContain(cpus()[0]!.model.trim());
    expect(figures.machine.memoryGb * 1e9).toBeCloseTo(totalmem(), -8.5);
  });

  it('names a row in full that is indented in the table', () => {
    const { figures } = reported(true, [figure, { ...fast, name: '  of it cache' }]);
    expect(figures.rows.map(({ name }: Row) => name)).toEqual(['resident memory', 'resident memory: of it cache']);
  });

  it('judges nothing where targets are not checked', () => {
    const { printed, figures } = reported(false);
    expect(process.exitCode).not.toBe(1);
    expect(printed).not.toMatch(/met|MISSED/);
    expect(figures.rows).toEqual([fast, slow]);
  });
});
