import { type ChildProcess, createChildProcess } from '../processes/child-process.ts';
import type { ChildLogger } from '../processes/start-child.ts';
import { siblingModule } from '../runtime/sibling-module.ts';
import type { DecoderCalls } from './decoder.ts';
import type { EncoderCalls } from './encoder-child.ts';
import type { EngineSettings } from './engine-settings.ts';

/** The child processes of an engine, as functions that ask its encoder and its decoder. */
export interface EngineProcesses {
  encoder: ChildProcess<EncoderCalls>;
  decoder: ChildProcess<DecoderCalls>;
}

/** Options for the supervision of an engine's processes. */
export interface EngineSupervision {
  /** Longest time for one call to a process, which then counts as hanging. */
  limitMs: number;
  /** Called when the decoder's process starts: it holds no embedding then. */
  onDecoderStart: () => void;
  logger?: ChildLogger;
}

/**
 * Creates one process for the encoder and one for the decoder, so that prompts on known images never wait for encodes.
 */
export function createEngineProcesses(
  settings: EngineSettings,
  { limitMs, onDecoderStart, logger }: EngineSupervision,
): EngineProcesses {
  return {
    encoder: createChildProcess<EncoderCalls, EngineSettings>({
      name: 'encoder',
      entry: siblingModule('encoder-child', import.meta.url),
      start: settings,
      limitMs,
      endsAbandoned: true,
      logger,
    }),
    decoder: createChildProcess<DecoderCalls, EngineSettings>({
      name: 'decoder',
      entry: siblingModule('decoder-child', import.meta.url),
      // It shares the cores with the encoder.
      start: { ...settings, threads: Math.ceil(settings.threads / 2) },
      limitMs,
      // A cancelled run is short; the embeddings that killing would lose are many.
      endsAbandoned: false,
      onStart: onDecoderStart,
      logger,
    }),
  };
}
