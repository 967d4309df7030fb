import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outline } from '#outputs/outline-polygon';
import { chooseAddress } from '../../../src/runtime/choose-address.ts';
import { startTestApp, type TestApp } from '../../http/start-test-app.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

const square = (left: number, top: number, side: number) => [
  { x: left, y: top },
  { x: left + side, y: top },
  { x: left + side, y: top + side },
  { x: left, y: top + side },
];
const RINGS: Outline = [[square(0.125, 0.125, 0.25), square(0.1875, 0.1875, 0.125)], [square(0.5, 0.5, 0.25)]];
/** Corners of each ring, wherever it begins and whichever way it runs. */
const cornersOf = (rings: Outline) =>
  rings.map((part) => part.map((ring) => ring.map(({ x, y }) => `${x} ${y}`).sort())).sort();

let upstream: TestApp;
let gateway: Gateway;
let fileId: number;
beforeAll(async () => {
  const { publicUrl, port } = await chooseAddress({ host: '127.0.0.1', port: 0 });
  upstream = await startTestApp({ settings: { publicUrl } });
  await upstream.app.listen({ host: '127.0.0.1', port });
  gateway = await startGateway(publicUrl, { project: 'demo' });
  const payload = { name: 'a.png', externalId: 'a', mimeType: 'image/png' };
  fileId = (await upstream.request({ method: 'POST', url: '/files', payload })).json().id;
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const call = (method: string, path: string, body?: unknown) => gateway.call(method, path, upstream.token, body);
const save = async (label: string, more: object = {}) =>
  (await call('POST', '/kontur/annotations', { items: [{ fileId, label, rings: RINGS, ...more }] })).body.items[0];

describe('annotations through a gateway', () => {
  it('pass through to the upstream as they are', async () => {
    const item = {
      ...{ annotatedResourceType: 'file', annotatedResourceId: fileId, annotationType: 'images.ObjectDetection' },
      ...{ creatingApp: 'test', creatingAppVersion: '1', creatingUser: null, status: 'approved' },
      data: { label: 'passed', boundingBox: { xMin: 0, xMax: 1, yMin: 0, yMax: 1 } },
    };
    const created = await call('POST', '/annotations/', { items: [item] });
    expect(created.status).toBe(201);
    const [{ id }] = created.body.items;
    expect((await upstream.request({ url: `/annotations/${id}` })).json()).toEqual(created.body.items[0]);
    const gone = await call('POST', '/annotations/delete', { items: [{ id }] });
    expect(gone).toMatchObject({ status: 200, body: {} });
    expect(await call('GET', `/annotations/${id}`)).toMatchObject({
      status: 404,
      body: { error: { missing: [{ id }] } },
    });
  });

  it('are written there with the whole outline in one polygon, and read back from it', async () => {
    const saved = await save('pump', { score: 0.5 });
    expect(saved).toMatchObject({ label: 'pump', status: 'approved', byHand: false, fileName: 'a.png' });
    expect(cornersOf(saved.rings)).toEqual(cornersOf(RINGS));
    const there = (await upstream.request({ url: `/annotations/${saved.id}` })).json();
    expect(there).toMatchObject({
      creatingApp: 'kontur',
      status: 'approved',
      data: { label: 'pump', confidence: 0.5 },
    });
    expect(there.data.polygon.vertices).toHaveLength(16);
    const suggested = await save('gate', { status: 'suggested' });
    expect(suggested.status).toBe('suggested');

    for (const query of [`?fileId=${fileId}&label=pump`, '?label=pump&status=approved']) {
      const { status, body } = await call('GET', `/kontur/annotations${query}`);
      expect([status, body.items.map(({ id }: { id: number }) => id)]).toEqual([200, [saved.id]]);
      expect(cornersOf(body.items[0].rings)).toEqual(cornersOf(RINGS));
    }
    const seen = [];
    for (let cursor = ''; ; ) {
      const { body } = await call('GET', `/kontur/annotations?limit=1${cursor}`);
      seen.push(...body.items.map(({ id }: { id: number }) => id));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen.toSorted()).toEqual([saved.id, suggested.id].toSorted());
    expect((await call('GET', '/kontur/annotations?cursor=nonsense')).status).toBe(400);
  });

  it('change there, and the second of two writers is told', async () => {
    const saved = await save('valve');
    const change = (more: object) => call('PATCH', '/kontur/annotations', { items: [{ id: saved.id, ...more }] });
    const triangle = [[square(0, 0, 1).slice(1)]];
    const first = await change({ label: 'door', rings: triangle, lastUpdatedTime: saved.lastUpdatedTime });
    expect(first).toMatchObject({ status: 200, body: { items: [{ label: 'door', rings: triangle }] } });
    const second = await change({ status: 'rejected', lastUpdatedTime: saved.lastUpdatedTime });
    expect(second).toMatchObject({ status: 409, body: { error: { current: first.body.items } } });
    const there = (await upstream.request({ url: `/annotations/${saved.id}` })).json();
    expect(there).toMatchObject({ status: 'approved', data: { label: 'door' } });
    const unknown = await call('PATCH', '/kontur/annotations', { items: [{ id: 4, label: 'a' }] });
    expect(unknown).toMatchObject({ status: 404, body: { error: { missing: [{ id: 4 }] } } });
  });

  it('refuse what the upstream has no operation for, and what is no outline, before anything is sent', async () => {
    for (const [method, path, body] of [
      ['POST', '/kontur/annotations/restore', { items: [{ id: 5 }] }],
      ['GET', '/kontur/annotations/5/history', undefined],
      ['GET', '/kontur/annotations/facets', undefined],
      ['DELETE', '/kontur/choices', undefined],
    ] as const) {
      const answer = await call(method, path, body);
      expect(answer).toMatchObject({
        status: 501,
        body: { error: { message: expect.stringContaining('In gateway mode') } },
      });
    }
    const crossing = [[square(0.1, 0.1, 0.2), square(0.2, 0.2, 0.2)]];
    const refused = await call('POST', '/kontur/annotations', { items: [{ fileId, label: 'a', rings: crossing }] });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('crosses itself') } },
    });
    const unknown = await call('POST', '/kontur/annotations', { items: [{ fileId: 5, label: 'a', rings: RINGS }] });
    expect(unknown.status).toBe(400);
    const stranger = await gateway.call('GET', '/kontur/annotations', upstream.otherToken);
    expect(stranger.status).toBe(401);
  });
});

describe('an upstream that drops the connection', () => {
  let dropping: Server;
  let broken: Gateway;
  let mode: 'before' | 'within';
  beforeAll(async () => {
    dropping = createServer((request, response) => {
      if (request.url === '/api/v1/token/inspect') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ subject: 'someone', projects: [{ projectUrlName: 'demo' }] }));
        return;
      }
      request.resume().on('end', () => {
        if (mode === 'before') return request.socket.destroy();
        const body = JSON.stringify({ items: [], nextCursor: null, filler: 'x'.repeat(1000) });
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length });
        response.write(body.slice(0, body.length * 0.6), () => request.socket.destroy());
      });
    });
    await new Promise<void>((resolve) => dropping.listen(0, '127.0.0.1', resolve));
    broken = await startGateway(`http://127.0.0.1:${(dropping.address() as AddressInfo).port}`, { project: 'demo' });
  });
  afterAll(async () => {
    await broken?.close();
    dropping?.close();
  });

  it.each(['before', 'within'] as const)('is told as what it is: %s the answer', async (when) => {
    mode = when;
    const body = { items: [{ fileId: 5, label: 'a', rings: RINGS }] };
    const written = await broken.call('POST', '/kontur/annotations', 'token', body);
    expect(written.status).toBe(503);
    expect(written.body.error.message).toContain('Look before trying again');
    const read = await broken.call('GET', '/kontur/annotations?fileId=5', 'token');
    expect(read.status).toBe(503);
    expect(read.body.error.message).toContain('cannot be reached');
    const { kysely } = broken.database;
    expect(await kysely.selectFrom('annotations').selectAll().execute()).toEqual([]);
    expect(await kysely.selectFrom('choices').selectAll().execute()).toEqual([]);
  });
});
