import type { Settings } from './settings-values.ts';

/** What a process does: answer clients (and run jobs, unless told not to), or run jobs alone. */
export type Role = 'serve' | 'work';

/** What is wrong with settings that say which processes work together; a sentence each. */
export function ofScale({ databaseUrl, blobs, jobsConcurrency }: Settings, role: Role): string[] {
  const problems: string[] = [];
  if (blobs?.includes('://')) {
    problems.push(`KONTUR_BLOBS is ${blobs}, but this version keeps content in folders only; name one.`);
  }
  if (role === 'work' && jobsConcurrency === 0) {
    problems.push('KONTUR_JOBS_CONCURRENCY is 0, but running jobs is all that `kontur work` does.');
  }
  if (role === 'serve' && jobsConcurrency > 0) return problems;
  const who = role === 'work' ? '`kontur work`' : '`kontur serve` with KONTUR_JOBS_CONCURRENCY=0';
  if (databaseUrl === undefined) {
    problems.push(
      `${who} needs KONTUR_DATABASE_URL: it shares its jobs with other processes, and an embedded database belongs to one.`,
    );
  }
  if (blobs === undefined) {
    problems.push(`${who} needs KONTUR_BLOBS: the folder with the images, which it shares with other processes.`);
  }
  return problems;
}
