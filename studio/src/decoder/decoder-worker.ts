import type { ImageWindow } from '#geometry/image-window';
import { toPreviewedSegments } from '#outputs/to-previewed-segments';
import { decodePrompt } from '#prompting/decode-prompt';
import type { RunDecoder } from '#prompting/decoder-run';
import type { PhotoDecoder } from '#prompting/photo-decoder';
import { segmentPhoto } from '#prompting/segment-photo';
import { DecoderFailure } from './decoder-failure.ts';
import type { DecoderAnswer, DecoderRequest, PhotoEmbedding } from './decoder-messages.ts';
import { createHeldEmbeddings } from './held-embeddings.ts';
import { type BindDecoder, loadDecoder } from './load-decoder.ts';
import { createRememberedRuns } from './remember-runs.ts';

// The decoder of a browser: it holds embeddings, runs the graph, and answers prompts by the rules that the server has.

/** Memory for embeddings, each of which has 2 MiB. */
const EMBEDDING_BYTES = 64 * 1024 * 1024;
/** Remembered runs; a server's decoder has as many. */
const RUNS = 32;

type SegmentRequest = Extract<DecoderRequest, { kind: 'segment' }>;

const embeddings = createHeldEmbeddings(EMBEDDING_BYTES);
const runs = createRememberedRuns(RUNS);
let bind: BindDecoder | undefined;
/** The decoder with the embedding of the last run: prompts on one image come in a row. */
let last: { key: string; run: RunDecoder } | undefined;
/** The request under way, and how it gets the embedding that it waits for. */
let current: { id: number; isEnded: boolean; take?: (embedding: PhotoEmbedding | undefined) => void } | undefined;

const post = (answer: DecoderAnswer) => self.postMessage(answer);

self.onmessage = ({ data }: MessageEvent<DecoderRequest>) => {
  switch (data.kind) {
    case 'load':
      void load(data);
      break;
    case 'segment':
      void segment(data);
      break;
    case 'embedding':
      embeddings.keep(data.embedding);
      if (current?.id === data.id) current.take?.(data.embedding);
      break;
    case 'give-up':
      if (current?.id !== data.id) break;
      current.isEnded = true;
      current.take?.(undefined);
  }
};

async function load({ decoder, threads }: Extract<DecoderRequest, { kind: 'load' }>): Promise<void> {
  try {
    bind = await loadDecoder(decoder, { threads });
    post({ kind: 'ready' });
  } catch (error) {
    const { reason, message } = error instanceof DecoderFailure ? error : new DecoderFailure('broken', String(error));
    post({ kind: 'failed', reason, message });
  }
}

/** The request was given up. */
class Ended extends Error {}

async function segment({ id, photo, prompt, detailWindows }: SegmentRequest): Promise<void> {
  const request: NonNullable<typeof current> = { id, isEnded: false };
  current = request;
  try {
    const found = await segmentPhoto(decoderOf(request, photo), prompt, { detailWindows });
    const { imageWidth, imageHeight } = found;
    current = undefined;
    post({ kind: 'segments', id, found: { imageWidth, imageHeight, segments: toPreviewedSegments(found) } });
  } catch (error) {
    current = undefined;
    post(error instanceof Ended ? { kind: 'ended', id } : { kind: 'error', id, message: String(error) });
  }
}

function decoderOf(request: NonNullable<typeof current>, photo: string): PhotoDecoder {
  const hold = async (window?: ImageWindow): Promise<PhotoEmbedding> => {
    if (request.isEnded) throw new Ended();
    const held = embeddings.find(photo, window);
    if (held !== undefined) return held;
    const taken = await new Promise<PhotoEmbedding | undefined>((resolve) => {
      request.take = resolve;
      post({ kind: 'need', id: request.id, window });
    });
    if (taken === undefined) throw new Ended();
    return taken;
  };
  const run = (embedding: PhotoEmbedding): RunDecoder => {
    let isFirst = true;
    return async (clicks, previousLogits) => {
      // A request may be given up between two runs.
      if (!isFirst) await nextTask();
      isFirst = false;
      if (request.isEnded) throw new Ended();
      return bound(embedding)(clicks, previousLogits);
    };
  };
  return {
    embed: async (window) => (await hold(window)).frame,
    decode: async (prompt, window) => {
      const embedding = await hold(window);
      return decodePrompt(runs.remember(embedding.key, run(embedding)), embedding.frame, prompt);
    },
  };
}

function bound({ key, data }: PhotoEmbedding): RunDecoder {
  if (bind === undefined) throw new Error('A prompt came before the decoder was loaded.');
  if (last?.key !== key) last = { key, run: bind(data) };
  return last.run;
}

/** Lets messages in that have come meanwhile. */
const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));
