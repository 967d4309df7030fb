import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDiskBlobs } from '../../../src/blobs/disk-blobs.ts';
import { createUpstreamContents } from '../../../src/images/gateway/upstream-contents.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { until } from '../../../testing/test-jobs.ts';

describe.each(DATABASE_KINDS)('copies of contents, noted in %s', (kind) => {
  let database: TestDatabase;
  let folder: string;
  /** Downloads that wait to be answered. */
  let waiting: (() => void)[] = [];
  let answerAtOnce = true;
  let downloads = 0;
  const store = createServer((_request, response) => {
    downloads++;
    const answer = () => response.end('x'.repeat(100));
    if (answerAtOnce) answer();
    else waiting.push(answer);
  });
  const clock = { time: 1_000_000 };
  const signal = new AbortController().signal;
  const link = () => ({
    downloadUrl: `http://127.0.0.1:${(store.address() as AddressInfo).port}/?sig=1`,
    linkExpiresTime: clock.time + 1,
  });
  const content = (fileId: number) => ({ project: 'plant', fileId, uploadedTime: 5 });
  const newContents = async (options: { upstream?: string; cacheBytes?: number } = {}) =>
    createUpstreamContents({
      database: database.database,
      blobs: await createDiskBlobs(folder),
      upstream: 'https://upstream.example',
      limitBytes: 1000,
      keepMs: 60_000,
      now: () => clock.time,
      ...options,
    });
  const stored = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    store.listen(0, '127.0.0.1');
    await once(store, 'listening');
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kontur-contents-'));
    await database.database.kysely.deleteFrom('upstream_contents').execute();
    answerAtOnce = true;
    waiting = [];
    downloads = 0;
  });
  afterAll(async () => {
    store.close();
    store.closeAllConnections();
    await database.remove();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('one is made at the first use, and found afterwards, by its own upstream, file and upload only', async () => {
    const contents = await newContents();
    expect(await contents.has(content(1))).toBe(false);
    const { path: copy } = await contents.open(content(1), link(), signal);
    expect(readFileSync(copy, 'utf8')).toBe('x'.repeat(100));
    expect(await contents.has(content(1))).toBe(true);
    expect((await contents.open(content(1), {}, signal)).path).toBe(copy);
    expect(downloads).toBe(1);

    for (const other of [{ fileId: 2 }, { project: 'other' }, { uploadedTime: 6 }]) {
      expect(await contents.has({ ...content(1), ...other })).toBe(false);
    }
    expect(await (await newContents({ upstream: 'https://other.example' })).has(content(1))).toBe(false);
  });

  it('jobs that want the same at once share a download, which one of them may leave', async () => {
    answerAtOnce = false;
    const contents = await newContents();
    const leaver = new AbortController();
    const stayer = new AbortController();
    // Each caller that has joined listens to its signal.
    const joined = [leaver.signal, stayer.signal].map((own) => vi.spyOn(own, 'addEventListener'));
    const left = contents.open(content(1), link(), leaver.signal);
    const stayed = contents.open(content(1), link(), stayer.signal);
    await until(() => waiting.length === 1 && joined.every((spy) => spy.mock.calls.length > 0));
    leaver.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    waiting[0]!();
    await stayed;
    expect(downloads).toBe(1);
    expect(await stored()).toBe(1);
  });

  it('of two processes that make the same, one copy stays', async () => {
    answerAtOnce = false;
    const [here, there] = [await newContents(), await newContents()];
    const both = [here.open(content(1), link(), signal), there.open(content(1), link(), signal)];
    await until(() => waiting.length === 2);
    for (const answer of waiting) answer();
    const [first, second] = await Promise.all(both);
    expect(first!.path).toBe(second!.path);
    expect(await stored()).toBe(1);
  });

  it('those not used for longest go when there are too many bytes, but none that a job may be reading', async () => {
    const contents = await newContents({ cacheBytes: 250 });
    for (const fileId of [1, 2, 3, 4]) {
      await contents.open(content(fileId), link(), signal);
      clock.time += 1000;
    }
    expect(await stored()).toBe(4);

    clock.time += 60_000;
    await contents.open(content(1), {}, signal);
    clock.time += 1000;
    await contents.open(content(5), link(), signal);
    const { kysely } = database.database;
    const rows = await kysely.selectFrom('upstream_contents').select('file_id').orderBy('file_id').execute();
    expect(rows.map(({ file_id }) => file_id)).toEqual([1, 5]);
    expect(await stored()).toBe(2);
  });

  it('a download that breaks off leaves nothing', async () => {
    answerAtOnce = false;
    const contents = await newContents();
    const gone = new AbortController();
    const opening = contents.open(content(1), link(), gone.signal);
    await until(() => waiting.length === 1);
    gone.abort(new Error('timed out'));
    await expect(opening).rejects.toThrow('timed out');
    expect(await contents.has(content(1))).toBe(false);
    expect(await stored()).toBe(0);
  });

  it('errors of the download do not quote the link', async () => {
    const contents = await newContents();
    const downloadUrl = 'http://127.0.0.1:1/?Signature=s3cret';
    const opening = contents.open(content(1), { ...link(), downloadUrl }, signal);
    const error = await opening.catch((reason: Error) => reason);
    expect(String((error as Error).stack)).not.toContain('s3cret');
    expect((error as Error).message).toContain('failed');
  });
});
