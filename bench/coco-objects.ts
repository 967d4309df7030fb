import { readFileSync } from 'node:fs';
import path from 'node:path';

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

interface ObjectLine {
  id: string;
  image: string;
  width: number;
  height: number;
  bbox: [number, number, number, number];
  segmentation: { size: [number, number]; counts: number[] };
}

/** Reads `objects.jsonl` of an evaluation folder: one object a line, its mask in COCO's uncompressed run lengths. */
export function readObjects(folder: string): EvalObject[] {
  const lines = readFileSync(path.join(folder, 'objects.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { id, image, width, height, bbox, segmentation } = JSON.parse(line) as ObjectLine;
    return { id, imageFile: path.join(folder, image), width, height, bbox, mask: decodeRunLengths(segmentation) };
  });
}

/** COCO's uncompressed run lengths are column-major and start with a run of zeros (cocoapi, `maskApi`). */
export function decodeRunLengths({ size: [height, width], counts }: ObjectLine['segmentation']): Uint8Array {
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
