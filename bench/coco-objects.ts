import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ImageFile } from '../src/engine/image-file.ts';
import { hashFile } from '../src/models/checksums.ts';

/** An object of an evaluation set: its image, and its true mask in pixels. */
export interface EvalObject {
  id: string;
  imageFile: string;
  width: number;
  height: number;
  /** x, y, width, height in pixels. */
  bbox: [number, number, number, number];
  /** Row-major, `width * height`, 1 inside. */
  mask: Uint8Array;
}

/** A mask as COCO's uncompressed run lengths: column-major, starting with a run of zeros (cocoapi, `maskApi`). */
export interface RunLengths {
  /** Height, then width. */
  size: [number, number];
  counts: number[];
}

/** A line of `objects.jsonl`; `image` is relative to its folder. */
export interface ObjectLine {
  id: string;
  image: string;
  width: number;
  height: number;
  bbox: [number, number, number, number];
  segmentation: RunLengths;
}

/** Reads `objects.jsonl` of an evaluation folder: one object a line. */
export function readObjects(folder: string): EvalObject[] {
  const lines = readFileSync(path.join(folder, 'objects.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { id, image, width, height, bbox, segmentation } = JSON.parse(line) as ObjectLine;
    return {
      id,
      imageFile: path.join(folder, image),
      width,
      height,
      bbox,
      // Decoded on demand: the masks of many large photos would fill the memory.
      get mask() {
        return decodeRunLengths(segmentation);
      },
    };
  });
}

/** Finds the evaluation sets of a folder: the folder itself if it is one, else those of its folders that are. */
export function findSets(folder: string): string[] {
  const isSet = (name: string) => existsSync(path.join(name, 'objects.jsonl'));
  if (isSet(folder)) return [folder];
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter(isSet)
    .sort();
}

/** The image of an object, as the engine takes it. */
export async function imageOf({ imageFile }: EvalObject): Promise<ImageFile> {
  return { path: imageFile, contentHash: await hashFile(imageFile) };
}

/** Decodes run lengths to a row-major mask. */
export function decodeRunLengths({ size: [height, width], counts }: RunLengths): Uint8Array {
  const mask = new Uint8Array(width * height);
  let position = 0;
  counts.forEach((length, run) => {
    const end = position + length;
    for (; position < end; position++) {
      if (run % 2 === 1) mask[(position % height) * width + Math.floor(position / height)] = 1;
    }
  });
  return mask;
}

/** Encodes a row-major mask as run lengths. */
export function encodeRunLengths(mask: Uint8Array, width: number, height: number): RunLengths {
  const counts = [0];
  let value = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const next = mask[y * width + x]!;
      if (next !== value) counts.push(0);
      value = next;
      counts[counts.length - 1]!++;
    }
  }
  return { size: [height, width], counts };
}
