import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withOwnServer } from '../../testing/with-own-server.ts';
import { type Row, runFuzz } from './run-fuzz.ts';

// npm run fuzz [-- --runs N] [--seed S] [--json FILE]
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    json: { type: 'string' },
  },
});
const options = { runs: Number(values.runs), seed: Number(values.seed) };
if (!(options.runs > 0) || !Number.isInteger(options.seed)) {
  process.stderr.write('--runs is a number of requests, --seed a whole number.\n');
  process.exit(2);
}

const rows = await withOwnServer((target) => runFuzz(target, options));
print(rows);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...options, rows }, null, 2)}\n`);
process.exitCode = rows.some(({ finding }) => finding !== undefined) ? 1 : 0;

function print(all: Row[]): void {
  const count = ({ statuses }: Row, first: string) =>
    Object.entries(statuses).reduce((sum, [status, number]) => (status.startsWith(first) ? sum + number : sum), 0);
  const lines = all.map((row) => [
    row.operation,
    row.requests,
    ...['2', '4', '5'].map((first) => count(row, first)),
    row.finding === undefined ? '' : 'FOUND',
  ]);
  const table = [['operation', 'requests', '2xx', '4xx', '5xx', ''], ...lines].map((line) => line.map(String));
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  for (const line of table) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
  for (const { operation, finding } of all) {
    if (finding !== undefined) process.stdout.write(`\n${operation}\n${finding}\n`);
  }
  const requests = all.reduce((sum, row) => sum + row.requests, 0);
  process.stdout.write(`\n${requests} requests, seed ${options.seed}\n`);
}
