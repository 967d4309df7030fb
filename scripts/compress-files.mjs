import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, gzipSync } from 'node:zlib';

/** Below this, compressing saves no packet. */
const LEAST_BYTES = 1_400;
/** Compressed by what they are. */
const PACKED = /\.(gz|jpe?g|png|webp|woff2)$/;

/**
 * Writes a compressed copy, `NAME.gz`, next to each file in a folder and below it where that is smaller, once instead of
 * at each request. Not in Brotli: browsers ask for that through https alone, where a proxy may do it.
 */
export function compressFiles(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if (PACKED.test(name) || !/\.\w+$/.test(name)) continue;
    const content = readFileSync(file);
    if (content.length < LEAST_BYTES) continue;
    const packed = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
    if (packed.length < content.length) writeFileSync(`${file}.gz`, packed);
  }
}
