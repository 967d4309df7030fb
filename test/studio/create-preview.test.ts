import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../../studio/src/api/api-error.ts';
import type { ObjectPrompt } from '../../studio/src/objects/photo-object.ts';
import type { BrowserPreview } from '../../studio/src/preview/browser-preview.ts';
import { type ChosenPreview, createPreview } from '../../studio/src/preview/create-preview.ts';
import type { Preview, PreviewPlace } from '../../studio/src/preview/preview.ts';

const PHOTO = 7;
const prompt: ObjectPrompt = { points: [{ x: 0.5, y: 0.5, label: 1 }] };

/** A place that takes as long as the test says, or fails as it says. */
function createPlace(place: PreviewPlace, ms: number) {
  const self = { ms, error: undefined as Error | undefined, asked: 0 };
  const ask: Preview['ask'] = (_fileId, _prompt, signal) => {
    self.asked++;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const { ms, error } = self;
      if (error) reject(error);
      else setTimeout(() => resolve({ outlines: [], place, ms }), ms);
    });
  };
  return Object.assign(self, { ask });
}

let server: ReturnType<typeof createPlace>;
let browser: ReturnType<typeof createPlace> & BrowserPreview & { isLoaded: boolean; prepared: number[] };
let preview: ChosenPreview;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  server = createPlace('server', 40);
  browser = Object.assign(createPlace('browser', 80), {
    isLoaded: false,
    prepared: [] as number[],
    prepare: (fileId: number) => void browser.prepared.push(fileId),
    isReady: () => browser.isLoaded,
    renew: () => {},
    close: () => {},
  });
  preview = createPreview(server, browser);
});
afterEach(() => void vi.useRealTimers());

/** Asks once, and lets the time pass until the answer is there, and what is measured beside it. */
async function ask(signal = new AbortController().signal): Promise<PreviewPlace> {
  const answer = preview.ask(PHOTO, prompt, signal);
  answer.catch(() => {});
  await vi.advanceTimersByTimeAsync(30_000);
  return (await answer).place;
}
async function askTimes(count: number): Promise<PreviewPlace[]> {
  const places: PreviewPlace[] = [];
  for (let asked = 0; asked < count; asked++) places.push(await ask());
  return places;
}

/** Has the browser loaded, and measured as often as it takes. */
async function warmUp(): Promise<void> {
  browser.isLoaded = true;
  await askTimes(7);
}

const lost = ApiError.unreachable(new TypeError('Failed to fetch'));

it('asks the server from the first moment, and has the browser loaded after its first answer', async () => {
  const answer = preview.ask(PHOTO, prompt, new AbortController().signal);
  expect(browser.prepared).toEqual([]);
  await vi.advanceTimersByTimeAsync(40);
  expect((await answer).place).toBe('server');
  expect([browser.prepared, browser.asked]).toEqual([[PHOTO], 0]);
});

it('stays with the server while that is faster, and knows the speed of both', async () => {
  await warmUp();
  expect(browser.asked).toBeGreaterThanOrEqual(5);
  expect(await askTimes(3)).toEqual(['server', 'server', 'server']);
});

it('moves to the browser where that is faster, and back', async () => {
  server.ms = 300;
  await warmUp();
  expect(await ask()).toBe('browser');
  server.ms = 20;
  const places = await askTimes(20);
  expect(places.at(-1)).toBe('server');
  expect(places.indexOf('server'), 'only after it was measured').toBeGreaterThan(0);
});

it.each([
  ['lost', () => lost],
  ['aborted by the network', () => ApiError.unreachable(new TypeError('NetworkError'))],
])('goes on in the browser where the server is %s, until it is back', async (_, error) => {
  await warmUp();
  server.error = error();
  expect(await askTimes(3)).toEqual(['browser', 'browser', 'browser']);
  server.error = undefined;
  expect((await askTimes(4)).at(-1)).toBe('server');
});

it('goes on in the browser where the server does not answer at all', async () => {
  await warmUp();
  server.ms = 1e9;
  expect(await ask()).toBe('browser');
  expect(await ask()).toBe('browser');
});

it('passes on what the server refuses, and what it cannot where the browser is not ready', async () => {
  server.error = lost;
  await expect(ask()).rejects.toBe(lost);
  await warmUp().catch(() => {});
  server.error = new Error('The photo is broken.');
  preview = createPreview(server, browser);
  await expect(ask()).rejects.toThrow('The photo is broken.');
});

it('leaves it to the server where the browser fails', async () => {
  server.ms = 300;
  await warmUp();
  browser.error = new Error('broken');
  expect(await ask()).toBe('server');
});

it('ends with its signal, wherever it is asked', async () => {
  await warmUp();
  const end = new AbortController();
  const answer = preview.ask(PHOTO, prompt, end.signal);
  end.abort(new Error('left'));
  await expect(answer).rejects.toThrow('left');
});
