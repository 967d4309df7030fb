import type { Vertex } from '#contract/vision/segment-job';
import { pixelToUnit } from '#geometry/spaces';
import type { SetAnnotation, SetEntry, SetFile, SetFormat, SetPhoto, SetSource } from '#outputs/sets/set-format';
import { SHAPES, SHAPES_IMAGE } from '../output-shapes.ts';

const toUnit = (ring: (typeof SHAPES)[number]['outer']): Vertex[] =>
  ring.map((point) => {
    const { x, y } = pixelToUnit(point, SHAPES_IMAGE);
    return { x: Math.round(x * 1e6) / 1e6, y: Math.round(y * 1e6) / 1e6 };
  });

/** The shapes of the output tests, two parts and two holes, as rings in fractions of the photo. */
export const RINGS = SHAPES.map(({ outer, holes }) => [outer, ...holes].map(toUnit));

export const annotationOf = (values: Partial<SetAnnotation> = {}): SetAnnotation => ({
  id: 8_001,
  annotationType: 'images.ObjectDetection',
  label: 'pump',
  status: 'approved',
  shape: { is: 'outline', rings: RINGS },
  byHand: false,
  creatingApp: 'tests',
  creatingUser: null,
  createdTime: Date.UTC(2026, 0, 2, 3, 4, 5),
  lastUpdatedTime: Date.UTC(2026, 0, 2, 3, 4, 6),
  ...values,
});

export const photoOf = (values: Partial<SetPhoto> = {}): SetPhoto => ({
  id: 42,
  name: 'plant.jpg',
  size: SHAPES_IMAGE,
  ...values,
});

/** Writes a set and reads its files; photos are there by their ids. */
export async function writeSet(
  format: SetFormat,
  entries: SetEntry[],
  { encoding = 'polygons', ...more }: Partial<SetSource> & { encoding?: 'polygons' | 'rle' } = {},
): Promise<Map<string, string>> {
  const source: SetSource = {
    labels: [...new Set(entries.flatMap(({ annotation }) => annotation.label ?? []))].sort(),
    entries: (async function* () {
      yield* entries;
    })(),
    withPhotos: false,
    giveWay: async () => {},
    ...more,
  };
  const files = new Map<string, string>();
  for await (const file of format.write(source, { encoding })) files.set(file.path, await contentOf(file));
  return files;
}

async function contentOf(file: SetFile): Promise<string> {
  if ('photo' in file) return `photo ${file.photo.id}`;
  let all = '';
  for await (const piece of file.text) all += piece;
  return all;
}
