import type { Vertex } from '#contract/vision/segment-job';
import { seamParts } from '#geometry/seam-parts';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import { roundPixels } from '../output-format.ts';
import { createEntryNames } from './entry-names.ts';
import { groupByPhoto, type PhotoAnnotations } from './group-by-photo.ts';
import { createLeftOut, describeLeftOut, type LeftOutList, NO_AREA } from './left-out.ts';
import { piecesOf } from './pieces-of.ts';
import type { SetAnnotation, SetFormat, SetShape } from './set-format.ts';
import { toParts } from './to-parts.ts';

/** The version of LabelMe that the file format was written after; it has not changed since. */
const VERSION = '5.0.0';

/** Set format `labelme`: a file for each photo, to edit further by hand. */
export const labelmeSet: SetFormat = {
  name: 'labelme',
  is: 'a LabelMe file for each photo, to edit further by hand',
  description:
    '`NAME.json` for each photo, in pixels of the upright photo: a polygon for each part of an outline, which share a group, with holes cut in by seams of no width; boxes are rectangles, open lines are line strips. The first shape of an annotation has its id, status, score and attributes in `kontur`, and the file has id, name and externalId of the photo there. The photo lies beside its file where photos are asked for; `left-out.txt` names what is not in the set.',
  needsSize: true,
  takesAll: false,
  async *write(source) {
    const nameOf = createEntryNames();
    const leftOut = createLeftOut();
    for await (const group of groupByPhoto(source.entries)) {
      const { photo, annotations } = group;
      const { stem, name } = nameOf(photo);
      const { size = { unknown: 'nobody measured it' } } = photo;
      if ('unknown' in size) {
        for await (const annotation of annotations) leftOut.add(photo, annotation, size.unknown);
        continue;
      }
      yield { path: `${stem}.json`, text: writeFile(group, { size, imagePath: name, leftOut }) };
      if (source.withPhotos) yield { path: name, photo };
    }
    if (leftOut.count > 0) yield { path: 'left-out.txt', text: piecesOf(describeLeftOut(leftOut)) };
  },
};

async function* writeFile(
  { photo, annotations }: PhotoAnnotations,
  { size, imagePath, leftOut }: { size: ImageSize; imagePath: string; leftOut: LeftOutList },
): AsyncGenerator<string> {
  yield `{"version":"${VERSION}","flags":{},"shapes":[`;
  let separator = '\n';
  let group = 0;
  for await (const annotation of annotations) {
    const shapes = toShapes(annotation.shape, size);
    if (shapes === undefined || annotation.label === null) {
      leftOut.add(photo, annotation, NO_AREA);
      continue;
    }
    const groupId = shapes.length > 1 ? ++group : null;
    for (const [place, shape] of shapes.entries()) {
      const own = place === 0 ? { kontur: describe(annotation) } : {};
      const fields = { label: annotation.label, ...shape, group_id: groupId, description: '', flags: {}, ...own };
      yield `${separator}${JSON.stringify(fields)}`;
      separator = ',\n';
    }
  }
  const { imageHeight, imageWidth } = size;
  const kontur = { fileId: photo.id, name: photo.name, externalId: photo.externalId };
  yield `\n],${JSON.stringify({ imagePath, imageData: null, imageHeight, imageWidth, kontur }).slice(1)}\n`;
}

/** What LabelMe has no place for; it keeps the key when it saves the file. */
const describe = ({ id, status, score, byHand, attributes }: SetAnnotation) => ({
  id,
  status,
  score,
  byHand,
  attributes,
});

function toShapes(
  shape: SetShape,
  size: ImageSize,
): { points: [x: number, y: number][]; shape_type: 'polygon' | 'rectangle' | 'linestrip' }[] | undefined {
  const toPoints = (vertices: readonly Vertex[]) =>
    vertices.map(({ x, y }): [number, number] => {
      const pixel = unitToPixel(unitPoint(x, y), size);
      return [roundPixels(pixel.x), roundPixels(pixel.y)];
    });
  if (shape.is === 'line') return [{ points: toPoints(shape.vertices), shape_type: 'linestrip' }];
  if (shape.is === 'box') {
    const { xMin, yMin, xMax, yMax } = shape;
    const corners = [
      { x: xMin, y: yMin },
      { x: xMax, y: yMax },
    ];
    return [{ points: toPoints(corners), shape_type: 'rectangle' }];
  }
  return toParts(shape, size)?.map((part) => ({
    points: seamParts([part]).map(({ x, y }): [number, number] => [roundPixels(x), roundPixels(y)]),
    shape_type: 'polygon',
  }));
}
