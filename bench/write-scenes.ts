import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { renderScene, type Scene } from '../testing/render-scene.ts';
import { encodeRunLengths, type ObjectLine } from './coco-objects.ts';

type SceneSize = [width: number, height: number, shape: 'ellipse' | 'polygon', scale: number];

/** Sizes of scenes: landscape and portrait, with shapes from a fifth to over half of the image's width. */
export const SCENE_SIZES: SceneSize[] = [
  [640, 480, 'ellipse', 1],
  [360, 480, 'polygon', 0.5],
  [320, 240, 'ellipse', 0.4],
  [800, 450, 'polygon', 0.3],
];

/**
 * Writes an evaluation set of rendered scenes, one solid shape on textured ground in each, in the format that
 * coco-objects.ts reads. Every run writes the same set. It replaces photographs if there are none, and says nothing
 * about accuracy on them.
 */
export async function writeScenes(folder: string, sizes = SCENE_SIZES): Promise<void> {
  mkdirSync(path.join(folder, 'images'), { recursive: true });
  const lines: string[] = [];
  for (const [index, size] of sizes.entries()) {
    const scene = renderScene(...size);
    const { rgb, width, height } = scene;
    const image = path.join('images', `scene-${index}.png`);
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(path.join(folder, image));
    lines.push(JSON.stringify(describe(`scene-${index}`, image, scene)));
  }
  writeFileSync(path.join(folder, 'objects.jsonl'), `${lines.join('\n')}\n`);
}

function describe(id: string, image: string, { width, height, mask, boundingBox }: Scene): ObjectLine {
  const { xMin, yMin, xMax, yMax } = boundingBox;
  return {
    id,
    image,
    width,
    height,
    bbox: [xMin * width, yMin * height, (xMax - xMin) * width, (yMax - yMin) * height],
    segmentation: encodeRunLengths(mask, width, height),
  };
}
