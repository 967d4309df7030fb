import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { ModelFrame } from '#geometry/spaces';
import type { HalfEmbedding } from './half-embedding.ts';

/** The output of the encoder for an image: its embedding, and how it lies in the model's square. */
export interface EncodedImage {
  frame: ModelFrame;
  embedding: HalfEmbedding;
}

/** JSON before the values of the tensors in a file, padded with spaces so that the values are aligned. */
interface Header {
  frame: ModelFrame;
  tensors: { name: string; dims: readonly number[]; length: number }[];
}

/** CRC-32 of the rest of the file, and the length of the header. */
const PREFIX_BYTES = 8;
const ALIGNMENT = 8;

/**
 * Packs an encoded image for files, which go from the encoder to the decoder and into the store. Returns parts to write
 * one after another: joining them would take as long as writing them.
 */
export function packImage({ frame, embedding }: EncodedImage): Uint8Array[] {
  const tensors = Object.entries(embedding);
  const shapes = tensors.map(([name, { dims, data }]) => ({ name, dims, length: data.length }));
  const json = Buffer.from(JSON.stringify({ frame, tensors: shapes } satisfies Header));
  const header = Buffer.alloc(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT, ' ');
  json.copy(header);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(header.length, 4);
  const content = [
    header,
    ...tensors.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
  prefix.writeUInt32LE(content.reduce((checksum, part) => crc32(part, checksum), crc32(prefix.subarray(4))));
  return [prefix, ...content];
}

/**
 * Writes an encoded image to a new file that only its owner may read; returns the length in bytes. Synchronous, since
 * handing the parts to another thread would take longer than writing them.
 */
export function writeImage(path: string, image: EncodedImage): number {
  const parts = packImage(image);
  const file = openSync(path, 'w', 0o600);
  try {
    for (const part of parts) writeFileSync(file, part);
  } finally {
    closeSync(file);
  }
  return parts.reduce((bytes, part) => bytes + part.length, 0);
}

/** Reads an encoded image from a file; undefined for a damaged file, or one of another version. */
export const readImage = (path: string): EncodedImage | undefined => unpackImage(readFileSync(path));

/** Unpacks an encoded image without copying its tensors; undefined for damaged bytes, or those of another version. */
export function unpackImage(packed: Buffer): EncodedImage | undefined {
  if (packed.length < PREFIX_BYTES || packed.readUInt32LE() !== crc32(packed.subarray(4))) return undefined;
  let offset = PREFIX_BYTES + packed.readUInt32LE(4);
  const header = parseHeader(packed.subarray(PREFIX_BYTES, offset));
  if (!header) return undefined;
  const embedding: HalfEmbedding = {};
  for (const { name, dims, length } of header.tensors) {
    embedding[name] = { data: new Uint16Array(packed.buffer, packed.byteOffset + offset, length), dims };
    offset += 2 * length;
  }
  return { frame: header.frame, embedding };
}

function parseHeader(bytes: Buffer): Header | undefined {
  try {
    return JSON.parse(bytes.toString()) as Header;
  } catch {
    return undefined;
  }
}
