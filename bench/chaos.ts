import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pauses } from './chaos-faults.ts';
import { runChaosOnPglite } from './chaos-pglite.ts';
import { runChaosOnPostgres } from './chaos-postgres.ts';
import { formatTable } from './format-table.ts';
import { readCount, readOptions } from './read-options.ts';
import { exitCodeFor } from './row.ts';
import { seeded } from './seeded.ts';
import { writeMeasurement } from './write-measurement.ts';

const USAGE = `Usage: npm run chaos [-- --seed N] [--jobs N] [--workers N] [--database URL] [--pause-least MS] [--pause-most MS]
       [--json FILE] [--smoke]
Runs jobs (2000) of a stand-in for the engine, and looks for jobs that were lost, stuck, ended twice or answered wrongly:
on PostgreSQL, by worker processes (4) that are killed and frozen at random while the database is restarted and the store
cut off; then on the embedded database, by one process that is killed and started again.
--pause-least, --pause-most  milliseconds between faults (200 and 1700; embedded 1000 and 4000)
--database  an empty PostgreSQL database, which is not restarted then (default: its own server)
--smoke  40 jobs on each, 2 workers, nothing frozen
Exit codes: 0 every job ended once and right, 1 some did not, 2 wrong command line.
`;

const {
  seed: seedText,
  jobs,
  workers: workersText,
  database: url,
  smoke,
  json,
  'pause-least': least,
  'pause-most': most,
} = readOptions(USAGE, 'seed', 'jobs', 'workers', 'database', 'pause-least', 'pause-most');
const seed = readCount('seed', seedText, 1);
const count = readCount('jobs', jobs, smoke ? 40 : 2000);
const workers = readCount('workers', workersText, smoke ? 2 : 4);
const pauses = (otherwise: Pauses): Pauses => ({
  least: readCount('pause-least', least, otherwise.least),
  most: readCount('pause-most', most, otherwise.most),
});
const folder = mkdtempSync(path.join(tmpdir(), 'kontur-chaos-'));
const store = (name: string) => path.join(folder, name, 'store');

const tables = [
  {
    database: 'PostgreSQL',
    title: `PostgreSQL: ${count} jobs, ${workers} workers, seed ${seed}`,
    run: () =>
      runChaosOnPostgres({
        count,
        workers,
        url,
        store: store('postgres'),
        random: seeded(seed),
        pauses: pauses({ least: 200, most: 1_700 }),
        smoke,
      }),
  },
  {
    database: 'Embedded',
    title: `Embedded: ${count} jobs, one process, seed ${seed}`,
    run: () =>
      runChaosOnPglite({
        count,
        dataDir: path.join(folder, 'data'),
        store: store('pglite'),
        random: seeded(seed),
        pauses: pauses({ least: 1_000, most: 4_000 }),
      }),
  },
];
const results = [];
for (const { database, title, run } of tables) {
  const rows = await run();
  process.stdout.write(`\n${formatTable(title, rows)}`);
  results.push({ database, rows });
}
rmSync(folder, { recursive: true });
if (json !== undefined) {
  const rows = results.flatMap(({ database, rows }) =>
    rows.map((row) => ({ ...row, name: `${database}: ${row.name}` })),
  );
  const source = {
    title: 'Chaos',
    command: `npm run chaos -- ${smoke ? '--smoke' : `--seed ${seed} --jobs ${count} --workers ${workers}`}`,
  };
  writeMeasurement(json, source, rows);
}
process.exitCode = Math.max(...results.map(({ rows }) => exitCodeFor(rows)));
