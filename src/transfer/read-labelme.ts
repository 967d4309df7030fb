import type { ImageSize } from '#geometry/spaces';
import type { SetShape } from '#outputs/sets/set-format';
import { BadPlace, type PhotoName, type ReadAnnotation, type Reading, readPlace } from './read-annotation.ts';
import {
  checkLabel,
  checkSize,
  isObject,
  toAttributes,
  toBox,
  toOutline,
  toRing,
  toScore,
  toStatus,
  toUnitRing,
} from './read-values.ts';
import type { SetContent } from './set-content.ts';

/** A file with its photo inside, in base64, is as large as a photo. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Corners of the outline that a circle becomes. */
const CIRCLE_CORNERS = 64;

type Shape = Record<string, unknown>;

/** Reads LabelMe files, one photo after the other. */
export async function* readLabelMe(content: SetContent, names: readonly string[]): AsyncGenerator<Reading> {
  for (const name of names) {
    let file: unknown;
    try {
      file = JSON.parse(await content.readText(name, MOST_BYTES));
    } catch (error) {
      yield { where: name, problem: `it cannot be read: ${(error as Error).message}` };
      continue;
    }
    if (!isObject(file) || !Array.isArray(file.shapes)) {
      yield { where: name, problem: 'it is no LabelMe file: it has no shapes' };
      continue;
    }
    yield* readShapes(file, file.shapes, name);
  }
}

function* readShapes(file: Shape, shapes: unknown[], name: string): Generator<Reading> {
  const photo = photoOf(file, name);
  for (const { index, group } of groupShapes(shapes)) {
    yield readPlace(`${name} shapes[${index}]`, () => {
      const [first] = group;
      if (!isObject(first)) throw new BadPlace('it is no object');
      const label = checkLabel(first.label);
      const size = checkSize(file.imageWidth, file.imageHeight);
      return { photo, label, shape: toShape(group as Shape[], size), ...ownValues(first) };
    });
  }
}

/** Shapes that stand alone, and polygons of one label and group, which are the parts of one object. */
function groupShapes(shapes: unknown[]): { index: number; group: unknown[] }[] {
  const groups: { index: number; group: unknown[] }[] = [];
  const known = new Map<string, unknown[]>();
  for (const [index, shape] of shapes.entries()) {
    const isPart =
      isObject(shape) && typeof shape.group_id === 'number' && (shape.shape_type ?? 'polygon') === 'polygon';
    const key = isPart ? JSON.stringify([shape.group_id, shape.label]) : undefined;
    const parts = key === undefined ? undefined : known.get(key);
    if (parts !== undefined) {
      parts.push(shape);
      continue;
    }
    const group = [shape];
    groups.push({ index, group });
    if (key !== undefined) known.set(key, group);
  }
  return groups;
}

function photoOf({ imagePath, kontur }: Shape, name: string): PhotoName {
  if (isObject(kontur) && typeof kontur.name === 'string') {
    const { fileId, externalId } = kontur;
    return {
      name: kontur.name,
      hasExtension: true,
      ...(Number.isSafeInteger(fileId) && { id: fileId as number }),
      ...(typeof externalId === 'string' && { externalId }),
    };
  }
  const given = typeof imagePath === 'string' ? imagePath.replaceAll('\\', '/') : '';
  if (given !== '') return { name: given, hasExtension: true };
  return { name: name.replace(/\.json$/i, ''), hasExtension: false };
}

function ownValues({ kontur }: Shape): Partial<ReadAnnotation> {
  if (!isObject(kontur)) return {};
  return {
    score: toScore(kontur.score),
    status: toStatus(kontur.status),
    attributes: toAttributes(kontur.attributes),
    ...(kontur.byHand === true && { byHand: true }),
  };
}

function toShape(group: Shape[], size: ImageSize): SetShape {
  const [first = {}] = group;
  const type = first.shape_type ?? 'polygon';
  const rings = group.map(({ points }, index) => {
    const what = group.length > 1 ? `part ${index + 1}` : 'its shape';
    if (!Array.isArray(points) || !points.every(Array.isArray)) throw new BadPlace(`${what} has no list of points`);
    return toRing(points, size, what);
  });
  const [ring = []] = rings;
  if (type === 'polygon') return toOutline(rings, size);
  if (type === 'rectangle' && (ring.length === 2 || ring.length === 4)) return toBox(ring, size);
  if (type === 'circle' && ring.length === 2)
    return toCircle(
      ring.map(({ x, y }) => [x, y] as const),
      size,
    );
  if ((type === 'linestrip' || type === 'line') && ring.length >= 2) {
    return { is: 'line', vertices: toUnitRing(ring, size) };
  }
  throw new BadPlace(
    `a ${String(type)} of ${ring.length} points is not read, only polygons, rectangles, circles, lines`,
  );
}

/** A circle may reach beyond the photo; what lies there is cut off. */
function toCircle(points: (readonly [number, number])[], size: ImageSize): SetShape {
  const [[x, y] = [0, 0], [rimX, rimY] = [0, 0]] = points;
  const radius = Math.hypot(rimX - x, rimY - y);
  const corners = Array.from({ length: CIRCLE_CORNERS }, (_, index) => {
    const angle = (2 * Math.PI * index) / CIRCLE_CORNERS;
    const cut = (value: number, length: number) => Math.min(Math.max(value, 0), length);
    return [
      cut(x + radius * Math.cos(angle), size.imageWidth),
      cut(y + radius * Math.sin(angle), size.imageHeight),
    ] as const;
  });
  return toOutline([toRing(corners, size, 'its circle')], size);
}
