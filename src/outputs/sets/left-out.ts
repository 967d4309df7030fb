import type { SetAnnotation, SetPhoto } from './set-format.ts';

/** An annotation that a set does not hold, and why. */
export interface LeftOut {
  annotationId: number;
  fileId: number;
  fileName: string;
  reason: string;
}

/** Most entries of a list of what was left out; beyond it, they are counted. */
const MOST_NAMED = 1000;

/** What a set does not hold: the first thousand by name, and their number. */
export interface LeftOutList {
  count: number;
  named: LeftOut[];
  add(photo: SetPhoto, annotation: SetAnnotation, reason: string): void;
}

/** Creates an empty list of what a set does not hold. */
export function createLeftOut(): LeftOutList {
  const list: LeftOutList = {
    count: 0,
    named: [],
    add({ id: fileId, name: fileName }, { id: annotationId }, reason) {
      list.count++;
      if (list.named.length < MOST_NAMED) list.named.push({ annotationId, fileId, fileName, reason });
    },
  };
  return list;
}

/** Why an annotation without an area is left out of formats that have outlines alone. */
export const NO_AREA = 'it has neither an outline nor a box';

/** The list as lines of text, for a file beside those of the set. */
export function* describeLeftOut({ count, named }: LeftOutList): Generator<string> {
  yield `${count} annotation${count === 1 ? ' is' : 's are'} not in this set:\n`;
  for (const { annotationId, fileId, fileName, reason } of named) {
    yield `annotation ${annotationId} of ${JSON.stringify(fileName)} (file ${fileId}): ${reason}\n`;
  }
  if (count > named.length) yield `and ${count - named.length} more\n`;
}
