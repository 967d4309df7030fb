import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnitPosition } from '../objects/photo-object.ts';
import type { Handle } from './hit-test.ts';
import type { ScreenPosition } from './viewport.ts';

/** What the canvas shows beside the photo and its objects. */
export interface CanvasState {
  /** The box that is being drawn with a pointer, between two corners in CSS pixels. */
  box?: { from: ScreenPosition; to: ScreenPosition };
  /** Where a finger rests, and since when by `performance.now()`. */
  press?: { at: ScreenPosition; since: number };
  /** The position that is moved with keys. */
  crosshair?: UnitPosition;
  /** First corner of the box that is being drawn with keys. */
  boxFrom?: UnitPosition;
  /** The part of the active prompt that the delete key deletes. */
  selected?: Handle;
}

/** Holds what the canvas shows beside the photo and its objects. */
export const createCanvasState = (): StoreApi<CanvasState> => createStore<CanvasState>(() => ({}));
