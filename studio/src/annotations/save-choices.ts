import { createStore } from 'zustand/vanilla';
import type { AnnotationStatus } from '../objects/photo-object.ts';

/** How this person saves, in this browser. */
export interface SaveChoices {
  /** State of what is saved: approved at once, or suggested to who reviews. */
  status: Exclude<AnnotationStatus, 'rejected'>;
  /** Whether an object is saved as soon as it has a label. */
  whenNamed: boolean;
}

const KEY = 'kontur.saving';
const USUAL: SaveChoices = { status: 'approved', whenNamed: false };

/** How this person saves; remembered by the browser. */
export const saveChoices = createStore<SaveChoices>(read);

/** Changes how this person saves. */
export function chooseSaving(change: Partial<SaveChoices>): void {
  saveChoices.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(saveChoices.getState()));
  } catch {
    // A browser that keeps nothing goes on with the choice until the page is left.
  }
}

function read(): SaveChoices {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<SaveChoices>;
    return { status: kept.status === 'suggested' ? 'suggested' : 'approved', whenNamed: kept.whenNamed === true };
  } catch {
    return USUAL;
  }
}
