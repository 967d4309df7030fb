import { createRequire } from 'node:module';
import type { default as SharpModule } from 'sharp';

/** Threads of the decoder. Each holds lines of the whole width; two keep the memory of large images low. */
const DECODE_THREADS = 2;

/**
 * Loads the image library, set up for images of strangers. As a CommonJS module, because its ES modules take longer to
 * load (docs/decisions/0038-load-less-at-start.md).
 */
export function loadSharp(): typeof SharpModule {
  const sharp: typeof SharpModule = createRequire(import.meta.url)('sharp');
  sharp.cache(false);
  sharp.concurrency(DECODE_THREADS);
  return sharp;
}
