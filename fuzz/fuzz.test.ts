import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFolders, runKontur, type ServerProcess, startServerProcess } from '../test/support/server-process.ts';
import { type Row, runFuzz } from './run-fuzz.ts';

const SMOKE = { runs: 500, seed: 1 };
const folders = createFolders();
let server: ServerProcess;
let rows: Row[];

beforeAll(async () => {
  server = await startServerProcess(folders);
  const token = (await runKontur(['token'], folders)).stdout.trim();
  rows = await runFuzz({ url: server.url, token, project: 'demo' }, SMOKE);
}, 180_000);
afterAll(async () => {
  await server?.end('SIGTERM');
  folders.remove();
});

test('no answer is one that it must not be', () => {
  expect(rows.flatMap(({ operation, finding }) => (finding === undefined ? [] : `${operation}\n${finding}`))).toEqual(
    [],
  );
});

test('nearly every operation is answered with success at times, and with a refusal at times', () => {
  const withStatus = (first: string) =>
    rows.filter(({ statuses }) => Object.keys(statuses).some((status) => status.startsWith(first)));
  expect(withStatus('2').length).toBeGreaterThan(rows.length - 6);
  expect(withStatus('4').length).toBeGreaterThan(rows.length - 6);
});
