import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReadinessChecks } from '../../../../src/http/app-dependencies.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.close());

async function readyz(readiness: ReadinessChecks) {
  const app = await createApp({ ...t.dependencies, readiness });
  const answer = await app.inject('/readyz');
  await app.close();
  return { status: answer.statusCode, body: answer.json() };
}

it('/healthz answers as long as the process does', async () => {
  const answer = await t.send({ url: '/healthz' });
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'up' }]);
});

it('/readyz answers 200 when every part is ready', async () => {
  const answer = await t.send({ url: '/readyz' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: 'ready', parts: { database: 'ready', model: 'ready' } });
});

it('/readyz says what the engine runs, once it is ready', async () => {
  const engine = { model: 'mobilesam', precision: 'fp32', provider: 'cpu' };
  expect(await readyz({ engine: async () => engine })).toEqual({
    status: 200,
    body: { status: 'ready', parts: { engine: 'ready' }, engine },
  });
  expect(await readyz({ engine: () => new Promise(() => {}) })).toEqual({
    status: 503,
    body: { status: 'not ready', parts: { engine: 'not ready' } },
  });
});

it('/readyz names the part that fails, and that which has not answered yet, without a word about why', async () => {
  const failing = async () => {
    throw new Error('secret reason');
  };
  const answer = await readyz({ database: failing, model: () => new Promise(() => {}), disk: async () => {} });
  expect(answer).toEqual({
    status: 503,
    body: { status: 'not ready', parts: { database: 'not ready', model: 'not ready', disk: 'ready' } },
  });
});
