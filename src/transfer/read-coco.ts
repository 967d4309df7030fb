import type { Readable } from 'node:stream';
import type { ImageSize } from '#geometry/spaces';
import type { SetShape } from '#outputs/sets/set-format';
import { readRunLengths } from './coco-run-lengths.ts';
import { keptRings } from './kept-rings.ts';
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
} from './read-values.ts';
import { streamJson } from './stream-json.ts';

/** Images and categories of a COCO document by their ids. */
interface CocoTables {
  images: Map<unknown, { photo: PhotoName; size: unknown[] } | { problem: string }>;
  categories: Map<unknown, { name: unknown } | { problem: string }>;
}

/**
 * Reads a COCO document of any size: first its images and categories, then one annotation after the other, whatever the
 * order of its keys.
 *
 * @param open opens the document, twice
 * @throws Error if it is not JSON, or has neither images nor annotations
 */
export async function* readCoco(open: () => Promise<Readable>, file: string): AsyncGenerator<Reading> {
  const tables: CocoTables = { images: new Map(), categories: new Map() };
  for await (const { path, index, value } of streamJson(await open(), ['$.images.*', '$.categories.*'])) {
    if (path === 'images') yield* addImage(tables.images, value, `${file} images[${index}]`);
    else yield* addCategory(tables.categories, value, `${file} categories[${index}]`);
  }
  const ids = new Set<unknown>();
  for await (const { index, value } of streamJson(await open(), ['$.annotations.*'])) {
    const id = isObject(value) ? value.id : undefined;
    const where = `${file} annotations[${index}]${id === undefined ? '' : ` (id ${JSON.stringify(id)})`}`;
    yield readPlace(where, () => {
      if (!isObject(value)) throw new BadPlace('it is no object');
      if (id !== undefined && ids.has(id)) throw new BadPlace('an annotation before it has the same id');
      ids.add(id);
      return readAnnotation(value, tables);
    });
  }
}

function* addImage(images: CocoTables['images'], value: unknown, where: string): Generator<Reading> {
  if (!isObject(value) || value.id === undefined || typeof value.file_name !== 'string' || value.file_name === '') {
    yield { where, problem: 'an image has an id and a file_name' };
    return;
  }
  const { id, file_name, width, height, kontur } = value;
  if (images.has(id)) {
    yield { where, problem: `an image before it has the same id, ${JSON.stringify(id)}; neither is used` };
    images.set(id, { problem: `several images have the id ${JSON.stringify(id)}` });
    return;
  }
  const own = isObject(kontur) ? kontur : {};
  const name = typeof own.name === 'string' ? own.name : file_name;
  const externalId = typeof own.externalId === 'string' ? own.externalId : undefined;
  const photo = { name, hasExtension: true, ...(Number.isSafeInteger(id) && { id: id as number }), externalId };
  images.set(id, { photo, size: [width, height] });
}

function* addCategory(categories: CocoTables['categories'], value: unknown, where: string): Generator<Reading> {
  if (!isObject(value) || value.id === undefined) {
    yield { where, problem: 'a category has an id and a name' };
    return;
  }
  if (categories.has(value.id)) {
    yield { where, problem: `a category before it has the same id, ${JSON.stringify(value.id)}; neither is used` };
    categories.set(value.id, { problem: `several categories have the id ${JSON.stringify(value.id)}` });
    return;
  }
  categories.set(value.id, { name: value.name });
}

function readAnnotation(value: Record<string, unknown>, { images, categories }: CocoTables): ReadAnnotation {
  const image = images.get(value.image_id);
  const category = categories.get(value.category_id);
  if (image === undefined) throw new BadPlace(`image_id ${JSON.stringify(value.image_id)} is none of the images`);
  if ('problem' in image) throw new BadPlace(image.problem);
  if (category === undefined) {
    throw new BadPlace(`category_id ${JSON.stringify(value.category_id)} is none of the categories`);
  }
  if ('problem' in category) throw new BadPlace(category.problem);
  const own = isObject(value.kontur) ? value.kontur : {};
  const label = checkLabel(category.name);
  const shape = readShape(value, checkSize(...(image.size as [unknown, unknown])), own);
  return {
    photo: image.photo,
    label,
    shape,
    score: toScore(value.score),
    status: toStatus(own.status),
    attributes: toAttributes(value.attributes),
    ...(own.byHand === true && { byHand: true }),
  };
}

function readShape(
  { segmentation, bbox }: Record<string, unknown>,
  size: ImageSize,
  own: Record<string, unknown>,
): SetShape {
  if (own.box === true || segmentation === undefined || (Array.isArray(segmentation) && segmentation.length === 0)) {
    return readBox(bbox, size);
  }
  if (isObject(segmentation)) {
    const shape = readRunLengths(segmentation, size);
    return keptRings(own.rings, shape, 'by area') ?? shape;
  }
  if (!Array.isArray(segmentation)) throw new BadPlace('its segmentation is neither polygons nor run lengths');
  const lines = segmentation.map((numbers, index) => {
    const what = segmentation.length > 1 ? `polygon ${index + 1}` : 'its polygon';
    if (!Array.isArray(numbers) || numbers.length % 2 === 1) throw new BadPlace(`${what} is no list of x, y, x, y …`);
    const pairs = Array.from({ length: numbers.length / 2 }, (_, place) => numbers.slice(2 * place, 2 * place + 2));
    return toRing(pairs, size, what);
  });
  const shape = toOutline(lines, size);
  return keptRings(own.rings, shape, 'exactly') ?? shape;
}

function readBox(bbox: unknown, size: ImageSize): SetShape {
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every((value) => Number.isFinite(value))) {
    throw new BadPlace('it has neither a segmentation nor a bbox of four numbers');
  }
  const [x, y, width, height] = bbox as [number, number, number, number];
  const corners = [
    [x, y],
    [x + width, y + height],
  ];
  return toBox(toRing(corners, size, 'its bbox'), size);
}
