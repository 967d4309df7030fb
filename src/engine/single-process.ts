import { rm, writeFile } from 'node:fs/promises';
import { createChildProcess } from '../processes/child-process.ts';
import type { ForkedChild } from '../processes/start-child.ts';
import type { EncoderAnswer, EncoderRequest } from './encoder-child.ts';
import type { EngineAnswer, EngineRequest, EngineStart } from './engine-child.ts';
import { decoderStart, type EngineProcesses, type EngineProcessesOptions, encoderStart } from './engine-processes.ts';
import { ENGINE_ENTRY } from './fork-engine.ts';

/**
 * One process for encoder and decoder, whose images are opened in the caller's process. A command that segments one image and ends
 * answers sooner with it, since every process takes time to start (docs/decisions/0037-one-process-for-the-command-line.md).
 *
 * @param forked where that process loads its code already
 */
export function createSingleProcess(options: EngineProcessesOptions, forked: ForkedChild): EngineProcesses {
  const { model, threads, maxPixels, limitMs, onDecoderStart, logger } = options;
  const engine = createChildProcess<EngineRequest, EngineAnswer>({
    name: 'engine',
    entry: ENGINE_ENTRY,
    // Nothing else asks for the cores while a prompt is decoded.
    start: { encoder: encoderStart(options), decoder: { ...decoderStart(options), threads } } satisfies EngineStart,
    forked,
    limitMs,
    abandonGraceMs: 0,
    onStart: onDecoderStart,
    logger,
  });

  async function requestEncoder(request: EncoderRequest, signal?: AbortSignal): Promise<EncoderAnswer> {
    // Loaded only here: no server opens images in its own process.
    const [{ openImage }, { loadModelImage }] = await Promise.all([
      import('../imaging/open-image.ts'),
      import('../imaging/load-model-image.ts'),
    ]);
    if (request.kind === 'measure') {
      const { imageWidth, imageHeight } = await openImage(request.path, { maxPixels });
      return { size: { imageWidth, imageHeight } };
    }
    const { path, window, to } = request;
    const { rgb, ...frame } = await loadModelImage(path, { maxPixels }, { fit: model.preprocessing.fit, window });
    const pixels = `${to}.rgb`;
    try {
      await writeFile(pixels, rgb, { mode: 0o600 });
      return await engine.request({ encode: { name: to, frame, pixels } }, signal);
    } finally {
      await rm(pixels, { force: true });
    }
  }

  return {
    encoder: { ready: engine.ready, request: requestEncoder, close: engine.close },
    decoder: {
      ready: engine.ready,
      request: (request, signal, isForLater) => engine.request({ decoder: request }, signal, isForLater),
      close: engine.close,
    },
  };
}
