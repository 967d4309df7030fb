import { refuseBlobsAddress } from './blobs-location.ts';
import type { Settings } from './settings-values.ts';

/**
 * Role of a process: answer clients (and run jobs, unless configured not to), run jobs alone, or neither: a command
 * that works on data, models or a photo and ends.
 */
export type Role = 'serve' | 'work' | 'command';

/** Problems of settings that say which processes work together; a sentence each. */
export function ofScale({ databaseUrl, blobs, blobsDirect, jobsConcurrency }: Settings, role: Role): string[] {
  const problems: string[] = [];
  if (blobs?.includes('://')) {
    const problem = refuseBlobsAddress(blobs);
    if (problem !== undefined) problems.push(problem);
  }
  if (blobsDirect && !blobs?.startsWith('s3://')) {
    problems.push(
      'KONTUR_BLOBS_DIRECT is true, but a folder has no links of its own: set KONTUR_BLOBS to an address like s3://bucket/prefix.',
    );
  }
  if (role === 'work' && jobsConcurrency === 0) {
    problems.push('KONTUR_JOBS_CONCURRENCY is 0, but running jobs is all that `kontur work` does.');
  }
  if (role === 'command' || (role === 'serve' && jobsConcurrency > 0)) return problems;
  const who = role === 'work' ? '`kontur work`' : '`kontur serve` with KONTUR_JOBS_CONCURRENCY=0';
  if (databaseUrl === undefined) {
    problems.push(
      `${who} needs KONTUR_DATABASE_URL: it shares its jobs with other processes, and an embedded database belongs to one.`,
    );
  }
  if (blobs === undefined) {
    problems.push(
      `${who} needs KONTUR_BLOBS: the folder or the bucket with the images, which it shares with other processes.`,
    );
  }
  return problems;
}
