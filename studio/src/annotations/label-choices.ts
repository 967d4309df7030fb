/** A label that can be taken. */
export interface LabelChoice {
  label: string;
  /** Whether it was not used before. */
  isNew: boolean;
}

/** Most labels that are offered at a time. */
const MOST_CHOICES = 9;

/**
 * The labels to choose from, the one that Enter takes first.
 *
 * @param known labels that were used before, the last one first
 * @param text what was typed: known labels that begin with it come before those that contain it, and itself last if new
 * @param current the label that the object has; offered first while nothing is typed
 */
export function labelChoices(known: readonly string[], text: string, current?: string): LabelChoice[] {
  const typed = text.trim();
  const wanted = fold(typed);
  const isSame = (label: string) => fold(label) === wanted;
  const ordered =
    typed === ''
      ? [...(current === undefined ? [] : [current]), ...known.filter((label) => label !== current)]
      : [
          ...known.filter(isSame),
          ...known.filter((label) => !isSame(label) && fold(label).startsWith(wanted)),
          ...known.filter((label) => !fold(label).startsWith(wanted) && fold(label).includes(wanted)),
        ];
  const isNew = typed !== '' && !known.includes(typed);
  const offered = ordered.slice(0, MOST_CHOICES - (isNew ? 1 : 0)).map((label) => ({ label, isNew: false }));
  return isNew ? [...offered, { label: typed, isNew }] : offered;
}

/** The label that a digit picks; undefined where the digit goes on with what is typed. */
export function pickByDigit(choices: readonly LabelChoice[], text: string, key: string): string | undefined {
  if (!/^[1-9]$/.test(key)) return undefined;
  const typed = fold(text.trimStart() + key);
  if (choices.some(({ label, isNew }) => !isNew && fold(label).startsWith(typed))) return undefined;
  const choice = choices[Number(key) - 1];
  return choice?.isNew ? undefined : choice?.label;
}

const fold = (text: string): string => text.toLocaleLowerCase();
