import { deflateSync } from 'node:zlib';
import { pngChunk, pngEnd, pngOf } from './png-file.ts';

/** What a PNG is made of: `values` gives a sample from 0 to 1 by its place among all samples. */
export interface DeepPng {
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
  bits?: 8 | 16;
  /** Chunks between header and pixels. */
  chunks?: Buffer[];
  values(at: number): number;
}

const COLOUR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 };

/** A PNG of 8 or 16 bits a channel, not filtered. */
export function deepPng({ width, height, channels, bits = 8, chunks = [], values }: DeepPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, COLOUR_TYPES[channels], 0, 0, 0], 8);
  const rowSamples = width * channels;
  const rowBytes = 1 + (rowSamples * bits) / 8;
  const rows = Buffer.alloc(height * rowBytes);
  for (let at = 0; at < height * rowSamples; at++) {
    const place = Math.floor(at / rowSamples) * rowBytes + 1 + ((at % rowSamples) * bits) / 8;
    if (bits === 8) rows.writeUInt8(Math.round(values(at) * 255), place);
    else rows.writeUInt16BE(Math.round(values(at) * 65_535), place);
  }
  return pngOf(pngChunk('IHDR', header), ...chunks, pngChunk('IDAT', deflateSync(rows, { level: 1 })), pngEnd());
}
