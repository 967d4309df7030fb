import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { type EvalObject, encodeRunLengths, type ObjectLine } from './coco-objects.ts';

/** Number of columns and rows of photos in a mosaic. */
export interface MosaicShape {
  columns: number;
  rows: number;
}

/** Longer side of photos in COCO, in pixels. */
const CELL_SIDE = 640;

/**
 * Writes an evaluation set of large photos, composed of the photos of another set in their original pixels, each in a
 * square of 640. Each mosaic is full; left-over photos are in none.
 */
export async function writeMosaics(
  folder: string,
  objects: EvalObject[],
  { columns, rows }: MosaicShape,
): Promise<void> {
  mkdirSync(path.join(folder, 'images'), { recursive: true });
  const photos = [...new Set(objects.map(({ imageFile }) => imageFile))];
  const lines: string[] = [];
  for (let first = 0; first + columns * rows <= photos.length; first += columns * rows) {
    const cells = photos.slice(first, first + columns * rows).map((input, cell) => ({
      input,
      left: (cell % columns) * CELL_SIDE,
      top: Math.floor(cell / columns) * CELL_SIDE,
    }));
    const mosaic = { image: path.join('images', `${first}.png`), width: columns * CELL_SIDE, height: rows * CELL_SIDE };
    const { width, height, image } = mosaic;
    await sharp({ create: { width, height, channels: 3, background: '#7c7468' } })
      .composite(cells)
      .removeAlpha()
      .png({ compressionLevel: 1 })
      .toFile(path.join(folder, image));
    for (const { input, ...place } of cells) {
      const here = objects.filter(({ imageFile }) => imageFile === input);
      lines.push(...here.map((object) => JSON.stringify(move(object, place, mosaic))));
    }
  }
  writeFileSync(path.join(folder, 'objects.jsonl'), `${lines.join('\n')}\n`);
}

function move(
  { id, bbox: [x, y, w, h], mask, width }: EvalObject,
  { left, top }: { left: number; top: number },
  mosaic: Pick<ObjectLine, 'image' | 'width' | 'height'>,
): ObjectLine {
  const moved = new Uint8Array(mosaic.width * mosaic.height);
  for (let row = 0; row * width < mask.length; row++) {
    moved.set(mask.subarray(row * width, (row + 1) * width), (top + row) * mosaic.width + left);
  }
  const segmentation = encodeRunLengths(moved, mosaic.width, mosaic.height);
  return { id, ...mosaic, bbox: [x + left, y + top, w, h], segmentation };
}
