import { createFolders, startServerProcess } from '../testing/server-process.ts';
import { describeMemory, type MemorySample } from './memory-samples.ts';
import { noMemoryFigures, processTree } from './processes.ts';
import { misuse, readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import { exitCodeFor } from './row.ts';
import { runConcurrently } from './run-job.ts';
import { createSoakJobs } from './soak-jobs.ts';

const USAGE = `Usage: npm run soak [-- --jobs N] [--json FILE] [--smoke]
Runs jobs (2000) through a server, photos of 0.8 to 50 megapixels among them, and says whether its memory stayed flat.
--smoke  12 jobs, which only show that it works: memory is not judged
Exit codes: 0 memory is flat, 1 it is not or a job failed, 2 wrong command line.
`;
const LEAST_JOBS = 10;
const CONCURRENT_JOBS = 4;
/**
 * Size of the cache: small, so that it is full long before the second fifth of the run begins and does not count as
 * growth.
 */
const CACHE_MB = 64;

const { jobs, smoke, json } = readOptions(USAGE, 'jobs');
const count = readCount('jobs', jobs, smoke ? 12 : 2000);
if (count < LEAST_JOBS) misuse(`--jobs takes ${LEAST_JOBS} or more.\n`);
if (noMemoryFigures !== undefined) misuse(`Memory cannot be measured: ${noMemoryFigures}.\n`);

const folders = createFolders();
const server = await startServerProcess(folders, { KONTUR_EMBEDDING_CACHE_MB: `${CACHE_MB}` });
const samples: MemorySample[] = [];
try {
  const tasks = await createSoakJobs(server, folders.base, count);
  await runConcurrently(
    tasks.map((task) => async () => {
      await task();
      samples.push(processTree(server.process.pid!));
      if (process.stderr.isTTY) process.stderr.write(`\rjob ${samples.length} of ${count} `);
    }),
    CONCURRENT_JOBS,
  );
} finally {
  await server.end('SIGTERM');
  folders.remove();
}
const rows = describeMemory(samples);
const source = {
  title: `Resident memory over ${count} jobs, embedding cache of ${CACHE_MB} MiB`,
  command: `npm run soak -- ${smoke ? '--smoke' : `--jobs ${count}`}`,
  settings: { jobs: count, cacheMiB: CACHE_MB },
};
report(source, rows, { jsonFile: json, checkTargets: !smoke });
if (!smoke) process.stdout.write(exitCodeFor(rows) === 0 ? 'flat\n' : 'NOT flat\n');
