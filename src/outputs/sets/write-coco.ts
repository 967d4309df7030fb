import type { ImageSize } from '#geometry/spaces';
import { toBbox, toSegmentation } from '../coco.ts';
import { createEntryNames } from './entry-names.ts';
import { createLeftOut, type LeftOutList, NO_AREA } from './left-out.ts';
import type { SetAnnotation, SetFormat, SetOptions, SetPhoto, SetShape, SetSource } from './set-format.ts';
import { toParts } from './to-parts.ts';

/** A photo of the set, with the name that its file has there. */
type NamedPhoto = SetPhoto & { size: ImageSize; path: string };

/** Set format `coco`: one document of COCO's object detection format. */
export const cocoSet: SetFormat = {
  name: 'coco',
  is: 'one document of the object detection format, with holes and parts as they are',
  description:
    'Images, categories and annotations in pixels of the upright photo. Ids are those of files and annotations, categories are the labels in the order of their letters, from 1. `segmentation` has a polygon for each part, holes cut in by seams of no width, or run lengths with `encoding=rle`; a box is its four corners. `attributes` has what was attached to an annotation; `kontur` has its status, who made it, and its outline as it is kept: `rings` for each part, outline then holes, as x, y, x, y … in fractions of the photo. `left_out` names what is not in the set. With photos it is a zip of `annotations.json` and `images/`.',
  single: { mediaType: 'application/json', extension: 'json' },
  needsSize: true,
  takesAll: false,
  async *write(source, options) {
    const photos: NamedPhoto[] = [];
    yield { path: 'annotations.json', text: writeDocument(source, options, photos) };
    if (source.withPhotos) for (const photo of photos) yield { path: `images/${photo.path}`, photo };
  },
};

/** Images follow the annotations, so that the set is read once and only the list of photos is kept. */
async function* writeDocument(
  { labels, entries, giveWay }: SetSource,
  { encoding }: SetOptions,
  photos: NamedPhoto[],
): AsyncGenerator<string> {
  const categories = labels.map((name, index) => ({ id: index + 1, name, supercategory: 'object' }));
  const categoryOf = new Map(categories.map(({ id, name }) => [name, id]));
  const nameOf = createEntryNames();
  const leftOut = createLeftOut();
  yield `{"info":{"description":"Annotations of Kontur"},"licenses":[],"categories":${JSON.stringify(categories)},\n"annotations":[`;
  let separator = '\n';
  for await (const { photo, annotation } of entries) {
    const named = nameOnce(photos, photo, nameOf);
    const category = categoryOf.get(annotation.label ?? '');
    const parts = 'unknown' in named ? undefined : toParts(annotation.shape, named.size);
    const reason = whyNot(named, parts, category);
    if (reason !== undefined || 'unknown' in named || parts === undefined) {
      leftOut.add(photo, annotation, reason ?? NO_AREA);
      continue;
    }
    const fields = {
      id: annotation.id,
      image_id: photo.id,
      category_id: category,
      iscrowd: 0,
      ...(await toSegmentation(parts, named.size, encoding, giveWay)),
      bbox: toBbox(parts),
      ...(annotation.score !== undefined && { score: annotation.score }),
      ...(annotation.attributes && { attributes: toPlainValues(annotation.attributes) }),
      kontur: describe(annotation),
    };
    yield `${separator}${JSON.stringify(fields)}`;
    separator = ',\n';
  }
  yield '\n],\n"images":[';
  yield* writeImages(photos);
  yield `\n],\n"left_out":${JSON.stringify(describeLeftOut(leftOut))}}\n`;
}

/** The photo with its name in the set, added to the list when it comes first; or why its size is not known. */
function nameOnce(
  photos: NamedPhoto[],
  photo: SetPhoto,
  nameOf: ReturnType<typeof createEntryNames>,
): NamedPhoto | { unknown: string } {
  const { size = { unknown: 'nobody measured it' } } = photo;
  if ('unknown' in size) return size;
  const last = photos.at(-1);
  if (last?.id === photo.id) return last;
  const named = { ...photo, size, path: nameOf(photo).name };
  photos.push(named);
  return named;
}

function whyNot(named: object, parts: unknown, category: number | undefined): string | undefined {
  if ('unknown' in named) return String(named.unknown);
  if (parts === undefined) return NO_AREA;
  return category === undefined ? 'its label came while the set was written' : undefined;
}

function* writeImages(photos: readonly NamedPhoto[]): Generator<string> {
  for (const [index, { id, name, externalId, size, path }] of photos.entries()) {
    const image = { id, file_name: path, width: size.imageWidth, height: size.imageHeight };
    const own = { ...(path !== name && { name }), ...(externalId !== undefined && { externalId }) };
    const kontur = Object.keys(own).length > 0 && { kontur: own };
    yield `${index === 0 ? '\n' : ',\n'}${JSON.stringify({ ...image, ...kontur })}`;
  }
}

const toPlainValues = (attributes: NonNullable<SetAnnotation['attributes']>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));

/** What COCO has no place for. Readers skip keys that they do not know. */
const describe = ({ status, byHand, creatingApp, creatingUser, shape }: SetAnnotation) => ({
  status,
  byHand,
  creatingApp,
  ...(creatingUser !== null && { creatingUser }),
  ...(shape.is === 'box' ? { box: true } : { rings: toNumbers(shape) }),
});

/** Rings in fractions of the photo, exactly as they are kept. */
const toNumbers = (shape: SetShape) =>
  shape.is === 'outline' ? shape.rings.map((rings) => rings.map((ring) => ring.flatMap(({ x, y }) => [x, y]))) : [];

const describeLeftOut = ({ count, named }: LeftOutList) => ({
  count,
  annotations: named.map(({ annotationId, fileId, fileName, reason }) => ({
    id: annotationId,
    image_id: fileId,
    file_name: fileName,
    reason,
  })),
});
