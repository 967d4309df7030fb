import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Prompt } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import type { OutputSegment } from '#geometry/output-segment';
import type { ImageSize } from '#geometry/spaces';
import { toCoco } from '#geometry/to-coco';
import { toGeoJson } from '#geometry/to-geojson';
import { toSvg } from '#geometry/to-svg';
import { cutOut } from '../imaging/cut-out.ts';
import { drawSegments } from '../imaging/draw-segments.ts';
import { encodeMaskPng } from '../imaging/encode-mask-png.ts';
import type { SegmentFormat } from './segment-formats.ts';

/** One segment of a photo, ready to be written. */
export interface PhotoSegment {
  photo: string;
  prompt: Prompt;
  size: ImageSize;
  /** As the API shows it, and as its rings. */
  wire: Segment;
  output: OutputSegment;
  maxPixels: number;
}

/** The segment in a format of one segment. Throws the errors of imaging/open-image.ts. */
export async function formatSegment(
  format: Exclude<SegmentFormat, 'json'>,
  { photo, prompt, size, wire, output, maxPixels }: PhotoSegment,
): Promise<Readable | Buffer | string> {
  const image = { ...size, id: 1, fileName: path.basename(photo) };
  switch (format) {
    case 'png':
      return drawSegments(photo, { segments: [wire], prompt }, { maxPixels });
    case 'mask':
      return encodeMaskPng(output.parts, size);
    case 'cutout':
      return cutOutBytes(photo, output, maxPixels);
    case 'coco':
      return toText(toCoco(image, [output], 'polygons'));
    case 'coco-rle':
      return toText(toCoco(image, [output], 'rle'));
    case 'geojson':
      return toText(toGeoJson(size, [output]));
    case 'svg':
      return toSvg(size, [output]);
  }
}

const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function cutOutBytes(photo: string, { parts }: OutputSegment, maxPixels: number): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kontur-'));
  try {
    const outPath = path.join(folder, 'cutout.png');
    await cutOut(photo, { parts, outPath }, { maxPixels });
    return await readFile(outPath);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
