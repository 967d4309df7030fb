import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import type { ObjectPrompt } from '../objects/photo-object.ts';
import { type BrowserPreview, createBrowserPreview } from './browser-preview.ts';
import type { Preview, PreviewAnswer, PreviewPlace } from './preview.ts';
import { createServerPreview } from './server-preview.ts';

/** A preview that chooses for each question who answers: the server, or this browser. */
export interface ChosenPreview extends Preview {
  /** Has the content of the photo looked at again: it was opened, or replaced. */
  renew(fileId: number): void;
  /** Ends the decoder of this browser. */
  close(): void;
}

/** Answers after which a browser's decoder has its speed. */
const WARM_UPS = 5;
/** Time after which the place that does not answer is measured again, in milliseconds. */
const MEASURE_AGAIN_MS = 10_000;
/** The other place has to be faster by this share before it takes over, so that the place does not change all along. */
const FASTER = 0.8;
/** A server that needs this many times what the browser does counts as away for the moment. */
const AWAY = 8;
const LEAST_PATIENCE_MS = 1000;

let latest: { api: object; preview: ChosenPreview } | undefined;

/**
 * The preview of a project, made when it is first asked for: one decoder for all of its photos. That of another project
 * or person ends.
 */
export function previewOf(api: Pick<Api, 'fetch'>): ChosenPreview {
  if (latest?.api !== api) {
    latest?.preview.close();
    latest = { api, preview: createPreview(createServerPreview(api), createBrowserPreview(api)) };
  }
  return latest.preview;
}

/**
 * Creates a preview that asks the server from the first moment and, once the browser is ready, whichever has lately
 * answered faster. Now and then the other one is asked too, to know how fast it is; its answer is never shown. Where the
 * server is busy, slow or lost, the browser answers until it is back.
 */
export function createPreview(server: Preview, browser: BrowserPreview): ChosenPreview {
  const places = { server, browser };
  const speed: Record<PreviewPlace, { ms?: number; answers: number; at: number }> = {
    server: { answers: 0, at: 0 },
    browser: { answers: 0, at: 0 },
  };
  let place: PreviewPlace = 'server';
  let isAway = false;
  let isMeasuring = false;

  const note = (answer: PreviewAnswer): PreviewAnswer => {
    const known = speed[answer.place];
    known.ms = known.ms === undefined ? answer.ms : 0.7 * known.ms + 0.3 * answer.ms;
    known.answers++;
    known.at = performance.now();
    if (answer.place === 'server') isAway = false;
    return answer;
  };

  const choose = (fileId: number): PreviewPlace => {
    if (!browser.isReady(fileId)) return 'server';
    if (isAway) return 'browser';
    const other = place === 'server' ? 'browser' : 'server';
    const [here = 0, there = Number.POSITIVE_INFINITY] = [speed[place].ms, speed[other].ms];
    if (speed.browser.answers >= WARM_UPS && there < FASTER * here) place = other;
    return place;
  };

  /** Asks the other place for its time alone, where that is not known or long ago. */
  const measure = (fileId: number, prompt: ObjectPrompt, answered: PreviewPlace) => {
    const other = answered === 'server' ? 'browser' : 'server';
    const { answers, at } = speed[other];
    const isKnown = (other === 'server' || answers >= WARM_UPS) && performance.now() - at < MEASURE_AGAIN_MS;
    if (isMeasuring || isKnown || !browser.isReady(fileId)) return;
    isMeasuring = true;
    speed[other].at = performance.now();
    places[other]
      .ask(fileId, prompt, AbortSignal.timeout(MEASURE_AGAIN_MS))
      .then(note, () => {})
      .finally(() => {
        isMeasuring = false;
      });
  };

  /** Asks the server; the browser, where it is ready, if the server is busy or lost, or takes far too long. */
  const askServer = async (fileId: number, prompt: ObjectPrompt, signal: AbortSignal): Promise<PreviewAnswer> => {
    const patience = Math.max(LEAST_PATIENCE_MS, AWAY * (speed.browser.ms ?? Number.POSITIVE_INFINITY));
    const timer = new AbortController();
    const late = Number.isFinite(patience) ? setTimeout(() => timer.abort(), patience) : undefined;
    try {
      return await server.ask(fileId, prompt, AbortSignal.any([signal, timer.signal]));
    } catch (error) {
      const isPassing = timer.signal.aborted || (error instanceof ApiError && [0, 429, 503].includes(error.status));
      if (signal.aborted || !isPassing || !browser.isReady(fileId)) throw error;
      isAway = true;
      speed.server.at = performance.now();
      return browser.ask(fileId, prompt, signal);
    } finally {
      clearTimeout(late);
    }
  };

  /** Asks the browser; the server if the browser cannot. */
  const askBrowser = async (fileId: number, prompt: ObjectPrompt, signal: AbortSignal): Promise<PreviewAnswer> => {
    try {
      return await browser.ask(fileId, prompt, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      place = 'server';
      browser.renew(fileId);
      return server.ask(fileId, prompt, signal);
    }
  };

  return {
    async ask(fileId, prompt, signal) {
      try {
        const asked = choose(fileId);
        const answer = note(await (asked === 'server' ? askServer : askBrowser)(fileId, prompt, signal));
        measure(fileId, prompt, answer.place);
        return answer;
      } finally {
        // After the first answer, which is not to wait for it.
        browser.prepare(fileId);
      }
    },
    renew: browser.renew,
    close: browser.close,
  };
}
