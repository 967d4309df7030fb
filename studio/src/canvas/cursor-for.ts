import type { Gestures } from './create-gestures.ts';
import background from './cursor-background.svg';
import remove from './cursor-remove.svg';
import type { Handle } from './hit-test.ts';

/** What decides about the shape of the pointer. */
export interface CursorState {
  doing: ReturnType<Gestures['doing']>;
  /** Whether a drag would move the photo. */
  pans: boolean;
  /** What shows how the outline below would be corrected; undefined while none is. */
  corrects?: string;
  isOnPhoto: boolean;
  handle: Handle | undefined;
  /** Whether a finished object lies there. */
  picks: () => boolean;
  ctrl: boolean;
  alt: boolean;
}

/** The shape of the pointer that tells what a click or drag will do: a value of the CSS property `cursor`. */
export function cursorFor({ doing, pans, corrects, isOnPhoto, handle, picks, ctrl, alt }: CursorState): string {
  if (doing === 'pan') return 'grabbing';
  if (doing === 'box') return 'crosshair';
  if (pans) return 'grab';
  if (corrects !== undefined) return corrects;
  if (handle !== undefined) return ctrl ? `url("${remove}") 12 12, not-allowed` : resizing(handle);
  if (!isOnPhoto) return 'default';
  if (ctrl) return picks() ? 'pointer' : 'default';
  return alt ? `url("${background}") 12 12, crosshair` : 'crosshair';
}

function resizing(handle: Handle): string {
  if (handle.kind === 'point') return 'move';
  const [first, second] = handle.sides;
  if (second === undefined) return first?.startsWith('x') ? 'ew-resize' : 'ns-resize';
  return (first === 'xMin') === (second === 'yMin') ? 'nwse-resize' : 'nesw-resize';
}
