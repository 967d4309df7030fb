import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../studio/src/api/api-error.ts';
import { createThumbnails } from '../../studio/src/library/create-thumbnails.ts';
import type { LibraryFile } from '../../studio/src/library/library-file.ts';

const fileOf = (id: number): LibraryFile => ({
  id,
  name: '',
  uploaded: true,
  uploadedTime: 1,
  createdTime: 1,
  lastUpdatedTime: 1,
});

/** A server that answers when the test says so. */
function slowServer() {
  const open: {
    id: number;
    signal: AbortSignal;
    answer: (response?: Response) => void;
    fail: (error: Error) => void;
  }[] = [];
  const fetch = (path: string, { signal }: RequestInit = {}) =>
    new Promise<Response>((resolve, reject) => {
      const id = Number(/files\/(\d+)/.exec(path)![1]);
      const answer = (
        response = new Response('jpeg', { headers: { 'kontur-image-width': '40', 'kontur-image-height': '30' } }),
      ) => resolve(response);
      open.push({ id, signal: signal!, answer, fail: reject });
      signal!.addEventListener('abort', () => reject(signal!.reason));
    });
  return { fetch, open, asked: () => open.map(({ id }) => id) };
}

const refusal = (status: number, headers: Record<string, string> = {}) =>
  ApiError.of(new Response(JSON.stringify({ error: { message: 'no' } }), { status, headers }));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('thumbnails', () => {
  it('are fetched a few at a time, in the order of the page, and what came into sight last first', async () => {
    const { fetch, open, asked } = slowServer();
    const thumbnails = createThumbnails({ fetch }, { atOnce: 2 });
    for (const id of [1, 2, 3, 4]) thumbnails.watch(fileOf(id), () => {});
    await tick();
    expect(asked()).toEqual([1, 2]);
    for (const id of [5, 6]) thumbnails.watch(fileOf(id), () => {});
    for (const { answer } of open.slice(0, 2)) answer();
    await tick();
    expect(asked()).toEqual([1, 2, 5, 6]);
    expect(thumbnails.get(fileOf(1))).toMatchObject({
      url: expect.stringMatching(/^blob:/),
      size: { width: 40, height: 30 },
    });
    thumbnails.close();
  });

  it('that are out of sight before their turn are never asked for, and those under way are given up', async () => {
    vi.useFakeTimers();
    const { fetch, open, asked } = slowServer();
    const thumbnails = createThumbnails({ fetch }, { atOnce: 1 });
    const [first, second] = [1, 2].map((id) => thumbnails.watch(fileOf(id), () => {}));
    await vi.advanceTimersByTimeAsync(0);
    second!();
    first!();
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked()).toEqual([1]);
    expect(open[0]!.signal.aborted).toBe(true);
    thumbnails.watch(fileOf(1), () => {});
    await vi.advanceTimersByTimeAsync(0);
    expect(asked()).toEqual([1, 1]);
  });

  it.each([
    ['a busy server as long as it says', () => refusal(429, { 'retry-after': '3' }), 3000],
    ['a server that is away', () => ApiError.unreachable(new TypeError('gone')), 2000],
  ])('wait for %s', async (_, problem, ms) => {
    vi.useFakeTimers();
    const { fetch, open, asked } = slowServer();
    const thumbnails = createThumbnails({ fetch });
    thumbnails.watch(fileOf(1), () => {});
    await vi.advanceTimersByTimeAsync(0);
    open[0]!.fail(await problem());
    await vi.advanceTimersByTimeAsync(ms - 100);
    expect(asked()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked()).toEqual([1, 1]);
    open[1]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(thumbnails.get(fileOf(1)).url).toBeDefined();
  });

  it('keep what is wrong with a photo, and ask again after a fault of the server', async () => {
    const { fetch, open, asked } = slowServer();
    const thumbnails = createThumbnails({ fetch });
    const leave = [1, 2].map((id) => thumbnails.watch(fileOf(id), () => {}));
    await tick();
    open[0]!.fail(await refusal(400));
    open[1]!.fail(await refusal(500));
    await tick();
    expect([1, 2].map((id) => thumbnails.get(fileOf(id)).problem?.message)).toEqual(['no', 'no']);
    for (const end of leave) end();
    for (const id of [1, 2]) thumbnails.watch(fileOf(id), () => {});
    await tick();
    expect(asked()).toEqual([1, 2, 2]);
  });

  it('let go of the pictures that nobody has looked at for longest', async () => {
    const revoke = vi.spyOn(URL, 'revokeObjectURL');
    const { fetch, open } = slowServer();
    const thumbnails = createThumbnails({ fetch }, { kept: 2 });
    const urls: string[] = [];
    for (const id of [1, 2, 3]) {
      const leave = thumbnails.watch(fileOf(id), () => {});
      await tick();
      open.at(-1)!.answer();
      await vi.waitUntil(() => thumbnails.get(fileOf(id)).url);
      urls.push(thumbnails.get(fileOf(id)).url!);
      leave();
    }
    expect(revoke.mock.calls).toEqual([[urls[0]]]);
    expect([1, 2, 3].map((id) => thumbnails.get(fileOf(id)).url)).toEqual([undefined, urls[1], urls[2]]);
    thumbnails.close();
    expect(revoke).toHaveBeenCalledTimes(3);
  });
});
