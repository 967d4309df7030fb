import type { CorrectTool } from '../correct/correction-state.ts';

/** What a key on the canvas does. */
export type KeyCommand =
  | 'place'
  | 'placeBackground'
  | 'crosshair'
  | 'beginBox'
  | 'moveCrosshair'
  | 'movePhoto'
  | 'nextCandidate'
  | 'candidate'
  | 'finish'
  | 'cancel'
  | 'delete'
  | 'undo'
  | 'redo'
  | 'follow'
  | 'zoomIn'
  | 'zoomOut'
  | 'fit'
  | 'oneToOne'
  | 'showKeys'
  | 'correct'
  | 'correctTool'
  | 'smaller'
  | 'larger'
  | 'moveVertex'
  | 'addVertex';

/** What a key does on the screen around the canvas, which takes these keys itself. */
export type ScreenCommand = 'nextPhoto' | 'previousPhoto' | 'save';

/** A key press, as far as it matters here: the properties of a `KeyboardEvent`. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** What decides about a key that means several things. */
export interface KeyState {
  /** Whether a crosshair is moved with keys. */
  crosshair: boolean;
  /** Answers to the prompt of the active object among which can be chosen. */
  candidates: number;
  /** What an outline is corrected with; undefined while none is. */
  correcting?: { tool: CorrectTool; hasVertex: boolean };
}

/** A line of the list of keys, and what its keys do. */
export interface KeyBinding<Command = KeyCommand | ScreenCommand> {
  command: Command;
  /** Which part of the list it is in. */
  group: 'mark' | 'correct' | 'crosshair' | 'view' | 'photo';
  /** `KeyboardEvent.key` of the keys that do it, letters in lower case. */
  keys: readonly string[];
  /** With Ctrl, or Cmd on a Mac. Without this, neither may be held. */
  ctrl?: true;
  /** Whether Shift has to be held, or must not be; either where it is undefined. */
  shift?: boolean;
  /** When the keys do it; always where it is undefined. */
  when?: (state: KeyState) => boolean;
  /** Not in the list, which has another line for the same. */
  unlisted?: true;
  /** How the keys are written in the list, without Ctrl and Shift, where not as they are. */
  shown?: readonly string[];
}

const withCrosshair = ({ crosshair }: KeyState) => crosshair;
const withCandidates = ({ candidates }: KeyState) => candidates > 1;

const whileCorrecting = ({ correcting }: KeyState) => correcting !== undefined;
const withVertex = ({ correcting, crosshair }: KeyState) => correcting?.hasVertex === true && !crosshair;

const ARROWS = ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'];
const ARROW_SIGNS = ['←', '↑', '↓', '→'];

/** Tools that outlines are corrected with, by their keys. */
export const CORRECT_TOOL_KEYS: Readonly<Record<string, CorrectTool>> = {
  v: 'vertices',
  b: 'brush',
  r: 'eraser',
  w: 'wand',
};

/** Keys of the canvas. The first that fits a press counts. */
const CANVAS_BINDINGS: readonly KeyBinding<KeyCommand>[] = [
  { command: 'correct', group: 'correct', keys: ['e'], shift: false, shown: ['E'] },
  {
    command: 'correctTool',
    group: 'correct',
    keys: Object.keys(CORRECT_TOOL_KEYS),
    shift: false,
    when: whileCorrecting,
    shown: ['V', 'B', 'R', 'W'],
  },
  { command: 'smaller', group: 'correct', keys: ['[', ','], when: whileCorrecting, shown: ['['] },
  { command: 'larger', group: 'correct', keys: [']', '.'], when: whileCorrecting, shown: [']'] },
  { command: 'moveVertex', group: 'correct', keys: ARROWS, when: withVertex, shown: ARROW_SIGNS },
  { command: 'addVertex', group: 'correct', keys: ['a', 'Insert'], shift: false, when: withVertex, shown: ['A'] },
  { command: 'moveCrosshair', group: 'crosshair', keys: ARROWS, when: withCrosshair, shown: ARROW_SIGNS },
  { command: 'place', group: 'crosshair', keys: ['Enter'], shift: false, when: withCrosshair },
  { command: 'placeBackground', group: 'crosshair', keys: ['Enter'], shift: true, when: withCrosshair },
  { command: 'beginBox', group: 'crosshair', keys: ['b'], shift: false, when: withCrosshair, shown: ['B'] },
  { command: 'crosshair', group: 'crosshair', keys: ['n'], shift: false, shown: ['N'] },
  { command: 'finish', group: 'mark', keys: ['f', 'Enter'], shift: false, shown: ['F', 'Enter'] },
  { command: 'nextCandidate', group: 'mark', keys: ['Tab'], shift: false, when: withCandidates },
  { command: 'candidate', group: 'mark', keys: ['1', '2', '3'], when: withCandidates },
  { command: 'cancel', group: 'mark', keys: ['Escape'], shown: ['Esc'] },
  { command: 'delete', group: 'mark', keys: ['Delete', 'Backspace'], shown: ['Del'] },
  { command: 'undo', group: 'mark', keys: ['z'], ctrl: true, shift: false, shown: ['Z'] },
  { command: 'redo', group: 'mark', keys: ['z'], ctrl: true, shift: true, shown: ['Z'] },
  { command: 'redo', group: 'mark', keys: ['y'], ctrl: true, shift: false, unlisted: true },
  { command: 'follow', group: 'mark', keys: ['h'], shift: false, shown: ['H'] },
  { command: 'zoomIn', group: 'view', keys: ['+', '='], shown: ['+'] },
  { command: 'zoomOut', group: 'view', keys: ['-', '_'], shown: ['−'] },
  { command: 'fit', group: 'view', keys: ['0'] },
  { command: 'oneToOne', group: 'view', keys: ['1'] },
  { command: 'movePhoto', group: 'view', keys: ARROWS, shown: ARROW_SIGNS },
  { command: 'showKeys', group: 'view', keys: ['?'] },
];

const SCREEN_BINDINGS: readonly KeyBinding<ScreenCommand>[] = [
  { command: 'nextPhoto', group: 'photo', keys: ['PageDown'], shown: ['Page ↓'] },
  { command: 'previousPhoto', group: 'photo', keys: ['PageUp'], shown: ['Page ↑'] },
  { command: 'save', group: 'photo', keys: ['s'], ctrl: true, shown: ['S'] },
];

/** All keys that are used on a photo, for the list of them. */
export const KEY_BINDINGS: readonly KeyBinding[] = [...CANVAS_BINDINGS, ...SCREEN_BINDINGS];

/** What a key press does in a state; undefined if nothing. */
export function commandOf(press: KeyPress, state: KeyState): KeyCommand | undefined {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.altKey) return undefined;
  return CANVAS_BINDINGS.find(
    ({ keys, ctrl = false, shift, when }) =>
      keys.includes(key) &&
      ctrl === (press.ctrlKey || press.metaKey) &&
      (shift === undefined || shift === press.shiftKey) &&
      (when?.(state) ?? true),
  )?.command;
}

/** Commands by keys with which a page is used in general: they count only where the canvas has the focus. */
const ONLY_WITH_FOCUS: ReadonlySet<string> = new Set(['Tab', 'Enter', ...ARROWS]);

/**
 * Whether a key press elsewhere on the page is for the canvas: not while somebody types, and not by the keys with which
 * buttons, lists and dialogs are used.
 */
export function isForCanvas(press: Pick<KeyPress, 'key'>, focus: 'canvas' | 'nothing' | 'control' | 'text'): boolean {
  if (focus === 'canvas') return true;
  if (focus === 'text') return false;
  return !ONLY_WITH_FOCUS.has(press.key) || (focus === 'nothing' && press.key !== 'Tab');
}
