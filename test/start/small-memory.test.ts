import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolders, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';
import type { ApiDescription } from '../http/check-answer.ts';
import { compressHostile, type JsonOperation, jsonOperations } from '../http/hostile-bodies.ts';

/** What the server needs at rest, and not twice that: it ends where a request takes it further. */
const HEAP_MB = 160;
const AT_ONCE = 5;

let folders: ReturnType<typeof createFolders>;
let server: ServerProcess;
let operations: JsonOperation[];
beforeAll(async () => {
  folders = createFolders();
  server = await startServerProcess(folders, { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
  const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as ApiDescription;
  operations = jsonOperations(description, 'demo');
});
afterAll(async () => {
  await server?.end('SIGKILL');
  folders?.remove();
});

it.each([
  'ten million numbers',
  'six million objects',
  'a million keys',
  'a text of 20 MiB',
  'a text just under the limit',
  'objects just under the limit',
])('a server with little memory lives on under several bodies at once: %s', async (value) => {
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'cdf-version': 'beta',
  };
  const send = async ({ url, method, around, places }: JsonOperation, index: number) => {
    const body = compressHostile(value, around(places[index % places.length]!));
    return (await fetch(server.url + url, { method, headers, body })).status;
  };
  const isBulk = ({ url }: JsonOperation) => /(files\/update|models\/instances)\?$/.test(url);
  for (const operation of [...operations.filter(isBulk), ...operations.slice(0, 3)]) {
    const statuses = Promise.all(Array.from({ length: AT_ONCE }, (_, index) => send(operation, index)));
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    for (const status of await statuses) expect([operation.url, status < 500]).toEqual([operation.url, true]);
  }
  expect(server.process.exitCode).toBeNull();
});
