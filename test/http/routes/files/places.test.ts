import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../../src/telemetry/create-logger.ts';
import { slivers, zigzag } from '../../../files/geo-location/costly-shapes.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

let test: TestApp;
let port: number;
const log: string[] = [];
beforeAll(async () => {
  test = await startTestApp({ logger: createLogger('info', { write: (line: string) => void log.push(line) }) });
  await test.app.listen({ port: 0, host: '127.0.0.1' });
  port = (test.app.server.address() as AddressInfo).port;
  for (const name of ['a.jpg', 'b.jpg']) {
    const payload = { name, geoLocation: { type: 'Feature', geometry: zigzag(2000) } };
    await test.request({ method: 'POST', url: '/files', payload });
  }
}, 60_000);
afterAll(() => test?.close());

const FILTER = { geoLocation: { relation: 'within', shape: slivers(248) } };

/** Posts through a new connection. */
function post(path: string, body: object) {
  const headers = { authorization: `Bearer ${test.token}`, 'content-type': 'application/json', connection: 'close' };
  const sent = request({ port, host: '127.0.0.1', method: 'POST', path: `/api/v1/projects/demo${path}`, headers });
  sent.end(JSON.stringify(body));
  return sent;
}

describe('a filter by place that takes long', () => {
  it('lets other requests be answered meanwhile', async () => {
    let isAnswered = false;
    const sent = post('/files/aggregate', { filter: FILTER });
    const answer = once(sent, 'response').then(([response]) => {
      isAnswered = true;
      return response;
    });
    let others = 0;
    while (!isAnswered) {
      const health = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(health.status).toBe(200);
      if (!isAnswered) others++;
    }
    const response = await answer;
    let text = '';
    for await (const chunk of response) text += chunk;
    expect(JSON.parse(text)).toEqual({ items: [{ count: 2 }] });
    expect(others).toBeGreaterThan(5);
  });

  it.each(['/files/list', '/files/search', '/files/aggregate'])('ends with its connection: %s', async (path) => {
    const sent = post(path, { filter: FILTER });
    sent.on('error', () => {});
    await sleep(100);
    log.length = 0;
    sent.destroy();
    // The client's next filter waits for this one.
    const before = process.cpuUsage();
    const { statusCode } = await test.request({
      method: 'POST',
      url: '/files/aggregate',
      payload: { filter: { geoLocation: { relation: 'within', shape: { type: 'Point', coordinates: [1, 1] } } } },
    });
    expect(statusCode).toBe(200);
    const used = process.cpuUsage(before);
    const whole = process.cpuUsage();
    await test.request({ method: 'POST', url: '/files/aggregate', payload: { filter: FILTER } });
    expect(used.user).toBeLessThan(process.cpuUsage(whole).user / 2);
    // That nobody waits is no fault of the server.
    expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
