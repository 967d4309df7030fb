import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFrame } from '#geometry/spaces';
import type { RunDecoder } from '#prompting/decoder-run';
import { createCacheFolder } from '../src/blobs/cache-folder.ts';
import { countCores } from '../src/config/count-cores.ts';
import { createEngine } from '../src/engine/create-engine.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { EngineSettings } from '../src/engine/engine-settings.ts';
import { createEmbeddingReader } from '../src/engine/half-embedding.ts';
import type { ImageFile } from '../src/engine/image-file.ts';
import { MOBILE_SAM } from '../src/models/catalogue.ts';
import { findFlavour } from '../src/models/flavours/find-flavour.ts';
import { openSession } from '../src/models/open-session.ts';
import { prepareDecoder } from '../src/models/prepare-model.ts';

/** The product's engine, and next to it the bare decoder of the same graphs and embeddings, without any rule. */
export interface EvalEngine {
  engine: Engine;
  /** Encodes the image where it has to be, and binds the decoder to it. */
  openDecoder(file: ImageFile): Promise<{ run: RunDecoder; frame: ModelFrame }>;
  close(): Promise<void>;
}

/** Where evaluations keep what they need not compute again; git ignores it. */
export const EVAL_FOLDER = fileURLToPath(new URL('../eval-out', import.meta.url));

/** For embeddings of some thousand photos. */
const STORE_BYTES = 16 * 1024 ** 3;

/** @param folder keeps prepared graphs and embeddings, so that a repeated evaluation only decodes */
export async function openEvalEngine(
  folder: string,
  own: Partial<Pick<EngineSettings, 'precision' | 'aspectBuckets'>> = {},
): Promise<EvalEngine> {
  const settings: EngineSettings = {
    model: MOBILE_SAM,
    cacheDir: path.join(folder, 'graphs'),
    threads: countCores(),
    maxPixels: 100_000_000,
    precision: 'auto',
    provider: 'cpu',
    aspectBuckets: true,
    ...own,
  };
  const engine = createEngine({
    settings,
    embeddingCacheBytes: 256 * 1024 ** 2,
    embeddingStore: createCacheFolder({ folder: path.join(folder, 'embeddings'), limitBytes: STORE_BYTES }),
  });
  await engine.ready();
  const flavour = findFlavour(settings.model.flavour);
  const session = await openSession(await prepareDecoder(settings.model, settings.cacheDir, settings.provider), {
    threads: settings.threads,
    provider: settings.provider,
  });
  const readEmbedding = createEmbeddingReader(session.halfInputs);
  return {
    engine,
    openDecoder: async (file) => {
      const { embedding, frame } = await engine.readEmbedding(file);
      return { run: flavour.decoder(session, readEmbedding(embedding)), frame };
    },
    close: async () => {
      await engine.close();
      await session.release();
    },
  };
}
