import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../testing/server-process.ts';
import { PHOTO, POINT } from './photos.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';

const COLD_START_MS = 1200;
const PREPARATION_MS = 1500;

/**
 * Measures `kontur segment` on a photo without other settings than its cache folder: from the start of the process to
 * its first polygons, with prepared graphs and, interleaved with that, when it has to prepare them first.
 *
 * @param cacheDir holds prepared graphs
 * @param folder working folder of the command, and for empty cache folders
 */
export async function measureColdStart(
  { cacheDir, folder }: { cacheDir: string; folder: string },
  rounds: number,
): Promise<Row[]> {
  const prepared: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < rounds; round++) {
    prepared.push(await firstPolygonsMs(folder, cacheDir));
    const empty = mkdtempSync(path.join(folder, 'empty-'));
    first.push(await firstPolygonsMs(folder, empty));
    rmSync(empty, { recursive: true });
  }
  const coldStart = quantile(prepared);
  return [
    {
      name: 'cold start of the command line, to the first polygons',
      measured: coldStart,
      unit: 'ms',
      target: { atMost: COLD_START_MS },
    },
    {
      name: 'preparing the graphs, at the first start of all',
      measured: quantile(first) - coldStart,
      unit: 'ms',
      target: { atMost: PREPARATION_MS },
    },
  ];
}

async function firstPolygonsMs(cwd: string, cacheDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [path.join(root, 'bin', 'kontur.js'), 'segment', PHOTO, '--point', `${POINT.x},${POINT.y}`],
    { cwd, env: { ...process.env, KONTUR_CACHE_DIR: cacheDir }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let elapsed = Number.NaN;
  child.stdout.once('data', () => {
    elapsed = performance.now() - started;
  });
  child.stdout.resume();
  const [code] = await exited;
  if (code !== 0) throw new Error(`kontur segment ended with exit code ${code}`);
  return elapsed;
}
