/** Under this name the browser keeps a label while it is being typed. */
const KEPT = 'kontur.label-draft';

/** A label that was being typed, and the id of its object. */
export interface LabelDraft {
  objectId: string;
  text: string;
}

/** Keeps what has been typed of a label, so that not even a crash of the tab loses it; `undefined` forgets it. */
export function keepLabelDraft(draft: LabelDraft | undefined): void {
  try {
    if (draft === undefined || draft.text === '') localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing.
  }
}

/** The label that was being typed when the page was lost; undefined if there is none. */
export function readLabelDraft(): LabelDraft | undefined {
  try {
    return (JSON.parse(localStorage.getItem(KEPT) ?? 'null') as LabelDraft | null) ?? undefined;
  } catch {
    return undefined;
  }
}
