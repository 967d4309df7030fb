import { beforeAll, expect, it } from 'vitest';
import { runTool } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';
import { withOwnServer } from '../../testing/with-own-server.ts';
import { type Row, runFuzz } from './run-fuzz.ts';

const SMOKE = { runs: 500, seed: 1 };
let rows: Row[];

beforeAll(async () => {
  rows = await withOwnServer((target) => runFuzz(target, SMOKE));
});

it('no answer is one that it must not be', () => {
  expect(rows.flatMap(({ operation, finding }) => (finding === undefined ? [] : `${operation}\n${finding}`))).toEqual(
    [],
  );
});

it('nearly every operation is answered with success at times, and with a refusal at times', () => {
  const withStatus = (first: string) =>
    rows.filter(({ statuses }) => Object.keys(statuses).some((status) => status.startsWith(first)));
  expect(withStatus('2').length).toBeGreaterThan(rows.length - 6);
  expect(withStatus('4').length).toBeGreaterThan(rows.length - 6);
});

it('npm run fuzz refuses what is no number of requests', async () => {
  const folders = createFolders();
  const { code, stderr } = await runTool('fuzz', ['--runs', 'many'], folders);
  folders.remove();
  expect([code, stderr]).toEqual([2, expect.stringContaining('--runs is a number')]);
});
