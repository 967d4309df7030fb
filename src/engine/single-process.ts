import { rm, writeFile } from 'node:fs/promises';
import type { CheckOnce } from '../imaging/verdicts.ts';
import { type ChildProcess, createChildProcess } from '../processes/child-process.ts';
import type { DecoderCalls } from './decoder.ts';
import { ENGINE_MODULE, takeEngineProcess } from './early-engine.ts';
import type { EncoderCalls } from './encoder-child.ts';
import type { EngineCalls } from './engine-child.ts';
import type { EngineProcesses, EngineSupervision } from './engine-processes.ts';
import type { EngineSettings } from './engine-settings.ts';

/**
 * Creates one process for both encoder and decoder; images are opened in the caller's process. A command that segments
 * one image and ends answers sooner, since every process takes time to start
 * (docs/decisions/0037-one-process-for-the-command-line.md).
 */
export function createSingleProcess(
  settings: EngineSettings,
  { limitMs, onDecoderStart, logger }: EngineSupervision,
): EngineProcesses {
  const { maxPixels, model } = settings;
  // The encoder is idle while a prompt is decoded, so the decoder has all threads.
  const engine = createChildProcess<EngineCalls, EngineSettings>({
    name: 'engine',
    entry: ENGINE_MODULE,
    start: settings,
    forked: takeEngineProcess(),
    limitMs,
    endsAbandoned: true,
    onStart: onDecoderStart,
    logger,
  });

  let verdictOf: ((contentHash: string) => CheckOnce) | undefined;
  const encoder: EncoderHandlers = {
    async measure({ path }) {
      const { openImage } = await loadImaging();
      const { imageWidth, imageHeight } = await openImage(path, { maxPixels });
      return { imageWidth, imageHeight };
    },
    async encode({ path, contentHash, window, to }, signal) {
      const { loadModelImage, createVerdicts } = await loadImaging();
      verdictOf ??= createVerdicts();
      const limits = { maxPixels, checkOnce: verdictOf(contentHash) };
      const { rgb, ...frame } = await loadModelImage(path, limits, { fit: model.preprocessing.fit, window });
      const pixels = `${to}.rgb`;
      try {
        await writeFile(pixels, rgb, { mode: 0o600 });
        return await engine.ask('encode', { name: to, frame, pixels }, { signal });
      } finally {
        await rm(pixels, { force: true });
      }
    },
  };
  const askEncoder: ChildProcess<EncoderCalls>['ask'] = (kind, request, options) =>
    encoder[kind](request, options?.signal);

  const askDecoder: ChildProcess<DecoderCalls>['ask'] = (kind, request, options) => engine.ask(kind, request, options);

  return {
    encoder: { ready: engine.ready, ask: askEncoder, close: engine.close },
    decoder: { ready: engine.ready, ask: askDecoder, close: engine.close },
  };
}

type EncoderHandlers = {
  [Kind in keyof EncoderCalls]: (
    request: EncoderCalls[Kind]['request'],
    signal?: AbortSignal,
  ) => Promise<EncoderCalls[Kind]['answer']>;
};

/** Loaded only when an image is opened: a server never opens images in the server process. */
async function loadImaging() {
  const [{ openImage }, { loadModelImage }, { createVerdicts }] = await Promise.all([
    import('../imaging/open-image.ts'),
    import('../imaging/load-model-image.ts'),
    import('../imaging/verdicts.ts'),
  ]);
  return { openImage, loadModelImage, createVerdicts };
}
