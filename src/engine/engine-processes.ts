import type { Model } from '../models/catalogue.ts';
import type { PrecisionSetting } from '../models/choose-precision.ts';
import { type ChildProcess, createChildProcess } from '../processes/child-process.ts';
import type { ChildLogger } from '../processes/start-child.ts';
import { siblingModule } from '../runtime/sibling-module.ts';
import type { DecodeAnswer, DecodeRequest, DecoderStart } from './decoder.ts';
import type { EncoderStart } from './encoder.ts';
import type { EncoderAnswer, EncoderChildStart, EncoderRequest } from './encoder-child.ts';

/** Where an engine's encoder and decoder are asked. */
export interface EngineProcesses {
  encoder: ChildProcess<EncoderRequest, EncoderAnswer>;
  decoder: ChildProcess<DecodeRequest, DecodeAnswer>;
}

export interface EngineProcessesOptions {
  model: Model;
  cacheDir: string;
  /** Threads of the encoder. The decoder has half as many. */
  threads: number;
  maxPixels: number;
  precision: PrecisionSetting;
  provider: string;
  aspectBuckets: boolean;
  /** Longest time for one request to a process, which then counts as hanging. */
  limitMs: number;
  /** The decoder's process starts: it holds no embedding. */
  onDecoderStart: () => void;
  logger?: ChildLogger;
}

/**
 * A decode that was given up ends by itself within this time, unless the process hangs; killing it any sooner would cost
 * all embeddings that it holds.
 */
const DECODE_GRACE_MS = 15_000;

/** One process for the encoder and one for the decoder, so that prompts on images that are known do not wait for others' encodes. */
export function createEngineProcesses(options: EngineProcessesOptions): EngineProcesses {
  const { maxPixels, limitMs, onDecoderStart, logger } = options;
  return {
    encoder: createChildProcess({
      name: 'encoder',
      entry: siblingModule('encoder-child', import.meta.url),
      start: { ...encoderStart(options), maxPixels } satisfies EncoderChildStart,
      limitMs,
      abandonGraceMs: 0,
      logger,
    }),
    decoder: createChildProcess({
      name: 'decoder',
      entry: siblingModule('decoder-child', import.meta.url),
      start: decoderStart(options),
      limitMs,
      abandonGraceMs: DECODE_GRACE_MS,
      onStart: onDecoderStart,
      logger,
    }),
  };
}

/** What an encoder is opened with. */
export const encoderStart = (options: EngineProcessesOptions): EncoderStart => {
  const { model, threads, cacheDir, precision, provider, aspectBuckets } = options;
  return { model, threads, cacheDir, precision, provider, aspectBuckets };
};

/** What a decoder is opened with that shares the cores with an encoder. */
export const decoderStart = ({ model, threads, cacheDir, provider }: EngineProcessesOptions): DecoderStart => ({
  model,
  threads: Math.ceil(threads / 2),
  cacheDir,
  provider,
});
