import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventStreams } from '../../../../src/http/event-streams.ts';
import type { Run } from '../../../../src/jobs/run-job.ts';
import { NOTHING, until } from '../../../../testing/test-jobs.ts';
import { type AccessApp, startAccessApp } from '../../start-access-app.ts';

let t: AccessApp;
/** Ends the runs that wait. */
let finish: () => void;
let hanging: boolean;
let origin: string;

beforeAll(async () => {
  const waiting: (() => void)[] = [];
  finish = () => {
    for (const end of waiting.splice(0)) end();
  };
  const run: Run = () => new Promise((resolve) => (hanging ? waiting.push(() => resolve(NOTHING)) : resolve(NOTHING)));
  t = await startAccessApp({}, { run });
  origin = await t.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  finish();
  await t.close();
});

const route = (jobId: unknown) => `/kontur/segment/${jobId}`;

async function newFile(dataSetId?: number): Promise<number> {
  const payload = { name: 'photo.jpg', mimeType: 'image/jpeg', dataSetId };
  return (await t.as('north', 'admins')({ method: 'POST', url: '/files', payload })).json().id;
}

/** A job of this caller, or of someone else, that is held in its run. */
async function newJob({ fileId, hang = true, subject }: { fileId: number; hang?: boolean; subject?: string }) {
  hanging = hang;
  const prompt = { points: [{ x: 0.5, y: 0.5, label: 1 as const }] };
  if (subject !== undefined) {
    const { jobs } = t.test.dependencies;
    return (await jobs.submit({ project: 'north', subject, file: { fileId }, prompt })).jobId;
  }
  const payload = { items: [{ fileId }], ...prompt };
  const url = '/context/vision/segment';
  return (await t.as('north', 'admins')({ method: 'POST', url, payload })).json().jobId as number;
}

const stateOf = async (jobId: number) =>
  (await t.as('north', 'admins')({ url: `/context/vision/segment/${jobId}` })).json();
const reached = (jobId: number, status: string) => until(async () => (await stateOf(jobId)).status === status);

describe('DELETE …/kontur/segment/{jobId}', () => {
  it('cancels a job that runs, and erases it the next time', async () => {
    const jobId = await newJob({ fileId: await newFile() });
    await reached(jobId, 'Running');
    const remove = () => t.as('north', 'admins')({ method: 'DELETE', url: route(jobId) });
    const cancelled = await remove();
    expect(cancelled.statusCode).toBe(200);
    expect(cancelled.json()).toEqual({ jobId, outcome: 'cancelled' });
    expect(await stateOf(jobId)).toMatchObject({ status: 'Failed', errorMessage: 'The job was cancelled.', items: [] });
    expect((await remove()).json()).toEqual({ jobId, outcome: 'erased' });
    expect((await remove()).statusCode).toBe(404);
    expect(await stateOf(jobId)).toMatchObject({ error: { code: 404 } });
  });

  it('lets readers of the file cancel their own jobs, and writers those of others', async () => {
    const fileId = await newFile(6);
    const own = await newJob({ fileId });
    const readers = t.as('north', 'set-6-readers');
    expect((await readers({ method: 'DELETE', url: route(own) })).statusCode).toBe(200);
    const other = await newJob({ fileId, subject: 'someone else' });
    for (const groups of [['set-6-readers'], ['set-5'], ['set-6-readers', 'set-5'], ['readers']]) {
      expect((await t.as('north', ...groups)({ method: 'DELETE', url: route(other) })).statusCode).toBe(403);
    }
    expect((await stateOf(other)).status).not.toBe('Failed');
    expect((await t.as('south', 'admins')({ method: 'DELETE', url: route(other) })).statusCode).toBe(404);
    expect((await t.as('north', 'admins')({ method: 'DELETE', url: route(other) })).statusCode).toBe(200);
  });

  it.each([
    ['x', 400],
    ['0', 400],
    ['5', 404],
  ])('answers %s with %i', async (jobId, status) => {
    expect((await t.as('north', 'admins')({ method: 'DELETE', url: route(jobId) })).statusCode).toBe(status);
  });
});

it('deleting a file ends its unfinished jobs, which say so', async () => {
  const fileId = await newFile();
  const jobId = await newJob({ fileId });
  await reached(jobId, 'Running');
  const payload = { items: [{ id: fileId }] };
  expect((await t.as('north', 'admins')({ method: 'POST', url: '/files/delete', payload })).statusCode).toBe(200);
  const errorMessage = 'The file was deleted before the job had ended.';
  expect(await stateOf(jobId)).toMatchObject({
    status: 'Failed',
    errorMessage,
    failedItems: [{ errorMessage, items: [{ fileId }] }],
  });
});

describe('GET …/kontur/segment/events', () => {
  async function open(query = '', ...groups: string[]) {
    const url = `${origin}/api/v1/projects/north/kontur/segment/events${query}`;
    const authorization = `Bearer ${await t.north.sign({ groups: groups.length === 0 ? ['admins'] : groups })}`;
    const response = await fetch(url, { headers: { authorization } });
    let text = '';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const read = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    };
    const ended = read().catch(() => {});
    const events = () => [...text.matchAll(/^event: segment\ndata: (.*)\n$/gm)].map(([, data]) => JSON.parse(data!));
    return { response, ended, events, text: () => text, cancel: () => reader.cancel() };
  }

  it('follows a job from the state it is in until it has ended', async () => {
    const fileId = await newFile();
    const jobId = await newJob({ fileId });
    await reached(jobId, 'Running');
    const stream = await open(`?jobId=${jobId}`);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    await until(() => stream.events().length === 1);
    finish();
    await stream.ended;
    const events = [
      { jobId, fileId, status: 'Running', statusTime: expect.any(Number) },
      { jobId, fileId, status: 'Completed', statusTime: expect.any(Number) },
    ];
    expect(stream.events()).toEqual(events);
    const late = await open(`?jobId=${jobId}`);
    await late.ended;
    expect(late.events()).toEqual([events[1]]);
  });

  it('follows the jobs of a project on the files that the caller may read', async () => {
    const [all, some] = [await open(), await open('', 'set-5')];
    await until(() => all.text().includes(': open') && some.text().includes(': open'));
    const hidden = await newJob({ fileId: await newFile(6), hang: false });
    await reached(hidden, 'Completed');
    const shown = await newJob({ fileId: await newFile(5), hang: false });
    await until(() => some.events().length === 3 && all.events().length === 6);
    expect(some.events().map(({ jobId, status }) => [jobId, status])).toEqual([
      [shown, 'Queued'],
      [shown, 'Running'],
      [shown, 'Completed'],
    ]);
    await Promise.all([all.cancel(), some.cancel()]);
  });

  it.each([
    ['?jobId=5', ['admins'], 404],
    ['?jobId=x', ['admins'], 400],
    ['', ['unknown'], 403],
  ])('refuses %s for %j with %i', async (query, groups, status) => {
    const { response, cancel } = await open(query, ...groups);
    expect(response.status).toBe(status);
    await cancel();
  });

  it('refuses to follow a job on a file that the caller may not read', async () => {
    const jobId = await newJob({ fileId: await newFile(6), hang: false });
    const { response, cancel } = await open(`?jobId=${jobId}`, 'set-5');
    expect(response.status).toBe(403);
    await cancel();
  });
});

describe('event streams', () => {
  it('are limited in number, keep the connection alive and end with the app', async () => {
    const app = Fastify();
    const streams = createEventStreams(app, { most: 2, heartbeatMs: 5 });
    let closed = 0;
    const onClosed = () => {
      closed += 1;
    };
    const [first, second] = [streams.open(onClosed), streams.open(onClosed)];
    expect(() => streams.open(onClosed)).toThrow(expect.objectContaining({ code: 'too-many-streams', status: 429 }));
    first.body.destroy();
    await until(() => closed === 1);
    const third = streams.open(onClosed);
    let text = '';
    third.body.on('data', (chunk) => {
      text += chunk;
    });
    second.body.resume();
    third.send('segment', { jobId: 1 });
    await until(() => (text.match(/: still here/g) ?? []).length > 1);
    expect(text).toContain('event: segment\ndata: {"jobId":1}\n\n');
    await app.close();
    await until(() => closed === 3);
  });

  it('cut off a client that does not read', async () => {
    const app = Fastify();
    const streams = createEventStreams(app);
    const stream = streams.open(() => {});
    const much = { text: 'x'.repeat(600_000) };
    for (let count = 0; count < 3; count++) stream.send('segment', much);
    expect(stream.body.destroyed).toBe(true);
    await app.close();
  });
});
