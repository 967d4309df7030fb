import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../src/auth/authorise.ts';
import type { ApiDescription } from './check-answer.ts';
import { compressHostile, HOSTILE_VALUES, type JsonOperation, jsonOperations } from './hostile-bodies.ts';
import { type AccessApp, startAccessApp } from './start-access-app.ts';

/** Limit for the whole process: the client, the server and its database. */
const MOST_PROCESSOR_SECONDS = 1;

let t: AccessApp;
let operations: JsonOperation[];
let url: string;
beforeAll(async () => {
  t = await startAccessApp();
  await t.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`;
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDescription;
  operations = jsonOperations(description, 'north');
});
afterAll(() => t?.close());

/** Sends a body over a connection, and says what it was answered and what that cost. */
async function send(
  operation: JsonOperation,
  body: Buffer | string,
  { groups = ['all'], encoding = 'gzip' }: { groups?: string[]; encoding?: string } = {},
) {
  const headers = {
    authorization: `Bearer ${await t.north.sign({ groups })}`,
    'content-type': 'application/json',
    'cdf-version': 'beta',
    ...(encoding !== '' && { 'content-encoding': encoding }),
  };
  const before = process.cpuUsage();
  const answer = await fetch(url + operation.url, {
    method: operation.method,
    headers,
    body: body as RequestInit['body'],
  });
  const json = (await answer.json()) as { error?: { code: number; message: string } };
  const { user, system } = process.cpuUsage(before);
  return { status: answer.status, json, seconds: (user + system) / 1e6 };
}

it('the description names the operations that take JSON, and every place in their bodies', () => {
  expect(operations.length).toBeGreaterThan(20);
  const all = operations.flatMap(({ url: path, places }) => places.map((place) => `${path} ${place.join('.')}`));
  expect(all).toContain('/api/v1/projects/north/files? geoLocation.geometry.coordinates.0');
  expect(all).toContain('/api/v1/projects/north/files/update? items.0.update.metadata.set');
  expect(all).toContain('/api/v1/projects/north/models/instances? items.0.sources.0.properties.tags.0');
});

describe('a body costs no more than a second of processor time', () => {
  const refuse = async (operation: JsonOperation, value: string, place: (string | 0)[]) => {
    const body = compressHostile(value, operation.around(place));
    const first = await send(operation, body);
    // What else this process did meanwhile counts too, such as collecting garbage of an earlier test.
    const { status, json, seconds } = first.seconds < MOST_PROCESSOR_SECONDS ? first : await send(operation, body);
    const about = `${operation.method} ${operation.url} with ${value} at ${place.join('.')}: ${JSON.stringify(json).slice(0, 200)}`;
    expect([about, status < 500]).toEqual([about, true]);
    if (status >= 400) expect([about, json.error!.message.length < 2000]).toEqual([about, true]);
    expect([about, seconds < MOST_PROCESSOR_SECONDS ? 'cheap' : seconds]).toEqual([about, 'cheap']);
    return status;
  };

  it('whatever the operation: numbers, keys and texts where the first list or object stands', async () => {
    for (const operation of operations) {
      for (const value of ['ten million numbers', 'a million keys', 'six million objects', 'a text of 20 MiB']) {
        expect(await refuse(operation, value, [])).toBe(413);
        const place = operation.places.find(({ length }) => length > 0)!;
        expect(await refuse(operation, value, place)).toBe(413);
      }
    }
  });

  it('whatever the value, and wherever it stands', async () => {
    const cases = fc.constantFrom(...operations).chain((operation) =>
      fc.record({
        operation: fc.constant(operation),
        value: fc.constantFrom(...HOSTILE_VALUES),
        place: fc.constantFrom(...operation.places),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ operation, value, place }) => {
        await refuse(operation, value, place);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  }, 240_000);
});

describe('a client without rights', () => {
  it('is refused before its body is read', async () => {
    for (const operation of operations) {
      // Neither of these bodies could be read.
      for (const [body, encoding] of [
        ['{}', 'br'],
        ['no gzip', 'gzip'],
        ['{"a":', ''],
      ]) {
        const { status, json } = await send(operation, body!, { groups: ['strangers'], encoding });
        expect([operation.url, status, json.error?.message]).toEqual([operation.url, 403, FORBIDDEN_MESSAGE]);
      }
    }
  });

  it('and what it sends costs nothing', async () => {
    const [operation] = operations;
    const body = compressHostile('ten million numbers', operation!.around([]));
    const { status, seconds } = await send(operation!, body, { groups: ['strangers'] });
    expect(status).toBe(403);
    expect(seconds).toBeLessThan(MOST_PROCESSOR_SECONDS / 4);
  });
});

describe('a body that is sent plain', () => {
  it('is refused for its size with an answer that its client gets, and the next request is answered too', async () => {
    const [operation] = operations;
    for (const bytes of [3_000_000, 20_000_000]) {
      const { status } = await send(operation!, `"${'x'.repeat(bytes)}"`, { encoding: '' });
      expect(status).toBe(413);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
  });

  it('has to be UTF-8', async () => {
    const body = Buffer.from('{"name":"\xff.jpg"}', 'latin1');
    const { status, json } = await send(operations.find(({ url: path }) => path.endsWith('/files?'))!, body, {
      encoding: '',
    });
    expect([status, json.error?.message]).toEqual([400, 'The body is not valid UTF-8.']);
  });
});

describe('what operations are documented to take is within the limits, written as widely as JSON can be', () => {
  const operationAt = (path: string) => operations.find(({ url: address }) => address.endsWith(`${path}?`))!;
  const indented = (value: unknown) => JSON.stringify(value, null, 2);
  const escaped = (text: string) => text.replaceAll('é', '\\u00e9');

  it('a file with 10,000 positions and all of its metadata', async () => {
    const place = Array.from({ length: 10_000 }, (_, index) => [-179.9 + index / 999, -1 / 3 - index]);
    const file = {
      name: 'a.jpg',
      metadata: Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`key-${index}`, 'é'.repeat(16)])),
      geoLocation: {
        type: 'Feature',
        geometry: { type: 'MultiPoint', coordinates: place.map(([x, y]) => [x, (y! % 90) - 1 / 3]) },
      },
      assetIds: Array.from({ length: 1000 }, (_, index) => Number.MAX_SAFE_INTEGER - index),
    };
    expect((await send(operationAt('/files'), escaped(indented(file)), { encoding: '' })).status).toBe(201);
  });

  it('1000 files by instance ids', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => ({
      instanceId: { space: 'a'.repeat(43), externalId: `${'é'.repeat(252)}${index + 1000}` },
    }));
    const { status, json } = await send(operationAt('/files/byids'), escaped(indented({ items })), { encoding: '' });
    expect(status).toBe(400);
    expect(json.error?.message).toMatch(/^File instance ids not found: /);
  });

  it('changes of 1000 files with full metadata for each', async () => {
    const pairs = Array.from({ length: 256 }, (_, index) => [`key ${index + 100}`, 'x'.repeat(33)]);
    const update = { metadata: { set: Object.fromEntries(pairs) } };
    const items = Array.from({ length: 1000 }, (_, index) => ({ id: index + 1, update }));
    const { status, json } = await send(operationAt('/files/update'), indented({ items }), { encoding: '' });
    expect(status).toBe(400);
    expect(json.error?.message).toMatch(/^File ids not found: /);
  });

  it('a prompt of as many points as there may be', async () => {
    const points = Array.from({ length: 5 }, (_, index) => ({ x: 1 / (index + 3), y: 1 / 3, label: 1 }));
    const body = indented({ items: [{ fileId: 1 }], points });
    const { json } = await send(operationAt('/context/vision/segment'), body, { encoding: '' });
    expect(json.error?.message).toBe('File ids not found: 1');
  });
});
