import type { EngineSettings } from '../src/engine/engine-settings.ts';
import { MOBILE_SAM } from '../src/models/catalogue.ts';
import { preparedGraphs } from './prepared-graphs.ts';

/**
 * Settings of an engine for tests: the default model in one thread, with the graphs that are prepared for the whole
 * run.
 */
export const engineSettings = (own: Partial<EngineSettings> = {}): EngineSettings => ({
  model: MOBILE_SAM,
  cacheDir: preparedGraphs()!,
  threads: 1,
  maxPixels: 1_000_000,
  precision: 'auto',
  provider: 'cpu',
  aspectBuckets: true,
  ...own,
});
