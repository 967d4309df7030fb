import { toYolo } from '../yolo.ts';
import { createEntryNames } from './entry-names.ts';
import { groupByPhoto, type PhotoAnnotations } from './group-by-photo.ts';
import { createLeftOut, describeLeftOut, type LeftOutList, NO_AREA } from './left-out.ts';
import { piecesOf } from './pieces-of.ts';
import type { SetFormat, SetSource } from './set-format.ts';
import { toParts } from './to-parts.ts';

/** Coordinates are fractions, so that the size of the photo does not matter. */
const UNIT = { imageWidth: 1, imageHeight: 1 };

/** Set format `yolo`: a folder as trainers of segmentation models of the YOLO family read it. */
export const yoloSet: SetFormat = {
  name: 'yolo',
  is: 'a folder to train models of the YOLO family on, with a line for each object',
  description:
    '`labels/NAME.txt` for each photo, with a line for each object: the index of its class, then x and y of each vertex as fractions of the upright photo; holes are cut in and parts joined by seams of no width, and a box is its four corners. `data.yaml` names the classes, `images/` has the photos where they are asked for, and `left-out.txt` names what is not in the set. Status, score and who made an annotation have no place in it.',
  needsSize: false,
  takesAll: false,
  async *write(source) {
    const nameOf = createEntryNames();
    const leftOut = createLeftOut();
    for await (const group of groupByPhoto(source.entries)) {
      const { stem, name } = nameOf(group.photo);
      yield { path: `labels/${stem}.txt`, text: writeLines(group, source, leftOut) };
      if (source.withPhotos) yield { path: `images/${name}`, photo: group.photo };
    }
    yield { path: 'data.yaml', text: piecesOf(dataYaml(source)) };
    if (leftOut.count > 0) yield { path: 'left-out.txt', text: piecesOf(describeLeftOut(leftOut)) };
  },
};

async function* writeLines(
  { photo, annotations }: PhotoAnnotations,
  { labels }: SetSource,
  leftOut: LeftOutList,
): AsyncGenerator<string> {
  const classes = new Map(labels.map((label, index) => [label, index]));
  for await (const annotation of annotations) {
    const parts = toParts(annotation.shape, UNIT);
    const index = classes.get(annotation.label ?? '');
    if (parts === undefined) leftOut.add(photo, annotation, NO_AREA);
    else if (index === undefined) leftOut.add(photo, annotation, 'its label came while the set was written');
    else yield toYolo(UNIT, [{ index: 0, score: 1, parts }], index);
  }
}

/** What trainers read first. Source: docs.ultralytics.com, "Instance Segmentation Datasets Overview". */
function* dataYaml({ labels, withPhotos }: SetSource): Generator<string> {
  // Without `path`, trainers take the folder that this file is in.
  yield 'train: images\nval: images\n';
  if (!withPhotos) yield '# The photos belong into the folder images, under the names of the files in labels.\n';
  yield labels.length === 0 ? 'names: {}\n' : 'names:\n';
  for (const [index, label] of labels.entries()) yield `  ${index}: ${toYamlText(label)}\n`;
}

/** A text in JSON is one in YAML too, except for characters that YAML does not take as they are. */
function toYamlText(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}
