import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createFolders,
  PHOTO,
  runKontur,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

const folders = { upstream: createFolders(), gateway: createFolders() };
let upstream: ServerProcess;
let gateway: ServerProcess;
beforeAll(async () => {
  upstream = await startServerProcess(folders.upstream);
  const env = { KONTUR_UPSTREAM: upstream.url, KONTUR_LOG_LEVEL: 'trace' };
  gateway = await startServerProcess(folders.gateway, env, upstream.token);
});
afterAll(async () => {
  await gateway?.end('SIGTERM');
  await upstream?.end('SIGTERM');
  for (const folder of Object.values(folders)) folder.remove();
});

const PROMPT = { points: [{ x: 0.62, y: 0.645 }] };

it('a job through the gateway ends with the polygons that the upstream itself finds', async () => {
  const photo = await gateway.upload('boats.jpg', PHOTO, 'image/jpeg');
  const direct = await upstream.settled(await upstream.post(photo, PROMPT));
  const through = await gateway.settled(await gateway.post(photo, PROMPT));
  expect(through.status).toBe('Completed');
  expect(through.items[0]!.segments.length).toBeGreaterThan(0);
  expect(through.items).toEqual(direct.items);
});

it('says in front of what it is, and makes no tokens', async () => {
  expect(gateway.output().stdout).toContain(`in front of ${upstream.url}`);
  expect((await runKontur(['token'], folders.gateway)).code).not.toBe(0);
  expect((await fetch(`${gateway.url}/oidc/jwks`)).status).toBe(404);
});

it('writes the token nowhere', async () => {
  expect(gateway.output().stderr).toContain('"answered"');
  expect(gateway.output().stderr).not.toContain(upstream.token);
  await gateway.end('SIGTERM');
  const { base } = folders.gateway;
  const written = readdirSync(base, { recursive: true, encoding: 'utf8' }).map((name) => path.join(base, name));
  const files = written.filter((name) => statSync(name).isFile());
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((name) => readFileSync(name).includes(upstream.token))).toEqual([]);
});
