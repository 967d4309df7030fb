import { classLabels } from '#outputs/class-labels';
import { addressOf, isBinary, type OutputFormat } from '#outputs/output-format';
import { plainName, splitName } from '#outputs/sets/entry-names';
import type { TakenObject, TakenPhoto } from './taken-object.ts';

/** A file that an export consists of. */
export interface PlannedFile {
  /** Name without folders, which no other file of the export has, whatever the case of its letters. */
  name: string;
  photo: TakenPhoto;
  objects: readonly TakenObject[];
}

/** Whether each object of a photo becomes a file of its own unless one asks for something else. */
export const isSeparate = ({ needs, name }: Pick<OutputFormat, 'needs' | 'name'>): boolean =>
  isBinary({ needs }) && name !== 'drawing';

/**
 * Plans the files of an export: one a photo, or one an object. Photos without objects have none. Names are those of the
 * photos, with the label or number of the object and the name of the format.
 */
export function planFiles(
  photos: readonly { photo: TakenPhoto; objects: readonly TakenObject[] }[],
  format: Pick<OutputFormat, 'name' | 'extension'>,
  { separate }: { separate: boolean },
): PlannedFile[] {
  const taken = new Set<string>();
  return photos.flatMap(({ photo, objects }) => {
    const groups = separate ? objects.map((object) => [object]) : objects.length > 0 ? [objects] : [];
    return groups.map((group, place) => {
      const label = separate && objects.length > 1 ? (group[0]?.label ?? String(place + 1)) : undefined;
      const stem = plainName([splitName(photo.name).stem, label].filter(Boolean).join('-'));
      return { name: uniqueName(stem, addressOf(format), taken), photo, objects: group };
    });
  });
}

/** Labels of all objects in the order of their classes; undefined if none has a label. */
export function collectLabels(photos: readonly { objects: readonly TakenObject[] }[]): string[] | undefined {
  const all = photos.flatMap(({ objects }) => objects);
  if (!all.some(({ label }) => label)) return undefined;
  return classLabels({ segments: all.map(({ label }) => ({ label, index: 0, score: 1, parts: [] })) });
}

function uniqueName(stem: string, ending: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}.${ending}` : `${stem} (${number}).${ending}`;
    const key = name.normalize('NFC').toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return name;
  }
}
