import type { Vertex } from '#contract/vision/segment-job';
import { signedArea } from '#geometry/mask-polygon';
import { createEntryNames } from './entry-names.ts';
import type { SetAnnotation, SetFormat, SetPhoto, SetShape, SetSource } from './set-format.ts';
import { cornersOf } from './to-parts.ts';

const COLUMNS = [
  ...['annotationId', 'fileId', 'fileExternalId', 'fileName', 'annotationType', 'label', 'status', 'score'],
  ...['xMin', 'yMin', 'xMax', 'yMax', 'area', 'outline', 'byHand', 'creatingApp', 'creatingUser'],
  ...['createdBy', 'createdTime', 'updatedBy', 'lastUpdatedTime'],
] as const;

/** Set format `csv`: a line for each annotation of any type. */
export const csvSet: SetFormat = {
  name: 'csv',
  is: 'a table with a line for each annotation of any type, for spreadsheets and data frames',
  description: `RFC 4180 with a heading: ${COLUMNS.map((column) => `\`${column}\``).join(', ')}. Box, area and outline are fractions of the upright photo; \`outline\` is well-known text (MULTIPOLYGON with holes, or LINESTRING). A text that a spreadsheet would take for a formula begins with an apostrophe.`,
  single: { mediaType: 'text/csv', extension: 'csv' },
  needsSize: false,
  takesAll: true,
  async *write(source) {
    const photos: SetPhoto[] = [];
    yield { path: 'annotations.csv', text: writeLines(source, photos) };
    const nameOf = createEntryNames();
    for (const photo of photos) yield { path: `images/${nameOf(photo).name}`, photo };
  },
};

async function* writeLines({ entries, withPhotos }: SetSource, photos: SetPhoto[]): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const { photo, annotation } of entries) {
    if (withPhotos && photos.at(-1)?.id !== photo.id) photos.push(photo);
    const values = toValues(photo, annotation);
    yield `${COLUMNS.map((column) => toCell(values[column])).join(',')}\r\n`;
  }
}

function toValues(
  photo: SetPhoto,
  { id, shape, createdTime, lastUpdatedTime, ...annotation }: SetAnnotation,
): Partial<Record<(typeof COLUMNS)[number], unknown>> {
  return {
    ...annotation,
    ...boxOf(shape),
    annotationId: id,
    fileId: photo.id,
    fileExternalId: photo.externalId,
    fileName: photo.name,
    area: areaOf(shape),
    outline: toText(shape),
    createdTime: new Date(createdTime).toISOString(),
    lastUpdatedTime: new Date(lastUpdatedTime).toISOString(),
  };
}

/** Spreadsheets run what begins with one of these, and others wrote the labels and names. */
const FORMULA = /^[=+\-@\t\r]/;

function toCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function boxOf(shape: SetShape): { xMin: number; yMin: number; xMax: number; yMax: number } | undefined {
  if (shape.is === 'other') return undefined;
  if (shape.is === 'box') return shape;
  const box = { xMin: Infinity, yMin: Infinity, xMax: -Infinity, yMax: -Infinity };
  for (const { x, y } of shape.is === 'line' ? shape.vertices : shape.rings.flatMap(([outer = []]) => outer)) {
    box.xMin = Math.min(box.xMin, x);
    box.yMin = Math.min(box.yMin, y);
    box.xMax = Math.max(box.xMax, x);
    box.yMax = Math.max(box.yMax, y);
  }
  return box.xMin === Infinity ? undefined : box;
}

/** Share of the photo that lies inside, without the holes. */
function areaOf(shape: SetShape): number | undefined {
  if (shape.is !== 'box' && shape.is !== 'outline') return undefined;
  const parts = shape.is === 'box' ? [[cornersOf(shape)]] : shape.rings;
  const sum = parts.reduce((area, [outer = [], ...holes]) => {
    return area + holes.reduce((rest, hole) => rest - Math.abs(signedArea(hole)), Math.abs(signedArea(outer)));
  }, 0);
  return Math.round(sum * 1e9) / 1e9;
}

/** Well-known text (OGC 06-103r4), whose rings repeat their first corner. */
function toText(shape: SetShape): string | undefined {
  const list = (ring: readonly Vertex[]) => `(${ring.map(({ x, y }) => `${x} ${y}`).join(', ')})`;
  const closed = (ring: readonly Vertex[]) => list([...ring, ...ring.slice(0, 1)]);
  if (shape.is === 'line') return `LINESTRING ${list(shape.vertices)}`;
  if (shape.is === 'box') return `MULTIPOLYGON ((${closed(cornersOf(shape))}))`;
  if (shape.is !== 'outline' || shape.rings.length === 0) return undefined;
  return `MULTIPOLYGON (${shape.rings.map((rings) => `(${rings.map(closed).join(', ')})`).join(', ')})`;
}
