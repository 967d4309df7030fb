import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import pg from 'pg';
import type { Segment } from '#contract/vision/segment-job';

/**
 * Data of the first version of Kontur: an uploaded photo, and jobs on it in every state. See write-first-version.ts.
 */
export const FIRST_VERSION = {
  project: 'demo',
  fileId: 100_000_000_000_001,
  jobs: {
    completed: 200_000_000_000_001,
    failed: 200_000_000_000_002,
    queued: 200_000_000_000_003,
    /** A job whose worker was killed. */
    running: 200_000_000_000_004,
  },
  segments: [
    {
      score: 0.9,
      polygons: [
        {
          vertices: [
            { x: 0.25, y: 0.25 },
            { x: 0.75, y: 0.25 },
            { x: 0.5, y: 0.75 },
          ],
        },
      ],
    },
  ] satisfies Segment[],
};

/** Data folder with an embedded database and `blobs/`. */
export const DATA_FOLDER = new URL('data-folder.tar.br', import.meta.url);
/** Rows of `DATA_FOLDER`, written by pg_dump on PostgreSQL 13. */
export const POSTGRES_DUMP = new URL('postgresql.sql', import.meta.url);

/** Unpacks the whole data folder into `folder`. */
export async function unpackDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Not through a pipe: tar ends when it has read the last file, be it before all has been written to it.
  const archive = `${folder}.tar`;
  await writeFile(archive, await promisify(brotliDecompress)(await readFile(DATA_FOLDER)));
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

/** Restores the dump into an empty database. */
export async function restoreDump(url: string): Promise<void> {
  const dump = await readFile(POSTGRES_DUMP, 'utf8');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Lines that start with a backslash are for psql.
  await client.query(dump.replaceAll(/^\\.*$/gm, ''));
  await client.end();
}
