import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from './start-gateway.ts';
import { ALICE, BOB, type StubUpstream, startStubUpstream } from './stub-upstream.ts';

let upstream: StubUpstream;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startStubUpstream();
  gateway = await startGateway(upstream.url);
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

it('the list of jobs holds those whose files the upstream lets the caller read, in one question', async () => {
  const readers = [new Set([ALICE]), new Set([BOB]), new Set([ALICE, BOB])];
  const jobs: number[] = [];
  for (const [index, readable] of readers.entries()) {
    const file = { name: 'a.jpg', uploaded: true, lastUpdatedTime: 5, content: Buffer.from('x'), readers: readable };
    upstream.files.push({ id: index + 1, ...file });
    const body = { items: [{ fileId: index + 1 }], points: [{ x: 0.5, y: 0.5 }] };
    const token = readable.has(ALICE) ? ALICE : BOB;
    const { jobId } = (await gateway.call('POST', '/context/vision/segment', token, body)).body;
    await gateway.settled(jobId, token);
    jobs.push(jobId);
  }
  upstream.requests.length = 0;
  const listed = async (token: string) => {
    const { body } = await gateway.call('GET', '/kontur/segment', token);
    return body.items.map(({ jobId }: { jobId: number }) => jobId).toSorted();
  };
  expect(await listed(ALICE)).toEqual([jobs[0], jobs[2]].toSorted());
  expect(await listed(BOB)).toEqual([jobs[1], jobs[2]].toSorted());
  expect(upstream.requests.filter((request) => request.endsWith('/files/byids'))).toHaveLength(2);
  expect((await gateway.call('GET', `/kontur/segment/${jobs[1]}/svg`, ALICE)).status).toBe(403);
});
