import type { Tool } from '../photo/photo-state.ts';
import type { Handle } from './hit-test.ts';
import type { ScreenPosition } from './viewport.ts';

/** What happened with a mouse, a pen or a finger. */
export interface PointerInput {
  id: number;
  finger: boolean;
  at: ScreenPosition;
  /** 0 left or touch, 1 middle, 2 right. */
  button: number;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
}

/** A handle that was hit, and how far from its middle. */
export interface HeldHandle {
  handle: Handle;
  offset: ScreenPosition;
}

/** What presses do instead of marking, while an outline is corrected. */
export interface DrawTarget {
  /** Takes a press, and what follows until the pointer is lifted; false if it is for something else. */
  begin(input: PointerInput): boolean;
  move(input: PointerInput): void;
  end(input: PointerInput): void;
  /** Ends it without effect. */
  cancel(): void;
}

/** What gestures do. Positions are those of the canvas, in CSS pixels. */
export interface GestureTarget {
  tool(): Tool;
  /** Whether the key is held that makes every drag move the photo. */
  isPanning(): boolean;
  isOnPhoto(at: ScreenPosition): boolean;
  handleAt(at: ScreenPosition, options: { finger: boolean }): HeldHandle | undefined;
  /** Marks with a point: 1 the object, 0 what is not it. */
  mark(at: ScreenPosition, label: 0 | 1): void;
  /** Shows the box that is being drawn; undefined ends it. */
  showBox(box: { from: ScreenPosition; to: ScreenPosition } | undefined): void;
  addBox(from: ScreenPosition, to: ScreenPosition, options: { keep: boolean }): void;
  /** Moves a handle; `joins` makes it one step with the move before. Returns the handle that is held then. */
  moveHandle(handle: Handle, to: ScreenPosition, options: { joins: boolean }): Handle;
  /** Takes back the move of a handle. */
  revertHandle(): void;
  selectHandle(handle: Handle): void;
  deleteHandle(handle: Handle): void;
  /** Makes the finished object at a position the active one. */
  pickObject(at: ScreenPosition): void;
  pan(by: ScreenPosition): void;
  zoomBy(factor: number, at: ScreenPosition): void;
  hover(at: ScreenPosition | undefined): void;
  /** Shows where a finger rests until that is a long press; undefined ends it. */
  showPress(at: ScreenPosition | undefined): void;
  /** Takes presses before they mark anything. */
  draw?: DrawTarget;
}

/** What pointers do on the canvas. */
export interface Gestures {
  down(input: PointerInput): void;
  move(input: PointerInput): void;
  up(input: PointerInput): void;
  /** The browser took the pointer for something else, or it has left the canvas while nothing was held. */
  leave(id: number): void;
  /** Ends what is under way without effect. Returns whether something was. */
  cancel(): boolean;
  /** What is being done, for the shape of the pointer. */
  doing(): 'nothing' | 'pan' | 'box' | 'handle' | 'draw';
}

/** CSS pixels that a pointer may move before a click becomes a drag. */
const DRAG_FROM = 4;
const FINGER_DRAG_FROM = 10;
/** How long a finger rests until that is a long press, in milliseconds. */
export const LONG_PRESS_MS = 500;

type Doing =
  | { kind: 'nothing' }
  /** Down, and not moved far yet. */
  | { kind: 'pressed'; input: PointerInput; held?: HeldHandle }
  | { kind: 'pan'; last: ScreenPosition }
  | { kind: 'box'; from: ScreenPosition; shift: boolean }
  | { kind: 'handle'; held: HeldHandle; moved: boolean }
  | { kind: 'draw' }
  | { kind: 'pinch' }
  /** Nothing more until all fingers have left. */
  | { kind: 'over' };

/**
 * Makes marks, boxes, moves of handles, panning and zooming out of what pointers do. Mouse and pen: a click marks, a
 * drag draws a box. A finger: a tap marks, a long press marks what is not the object, a drag draws a box only with the
 * tool for boxes; two fingers move and zoom, and never mark.
 */
export function createGestures(target: GestureTarget): Gestures {
  const pointers = new Map<number, ScreenPosition>();
  let doing: Doing = { kind: 'nothing' };
  let resting: ReturnType<typeof setTimeout> | undefined;

  const endRest = () => {
    clearTimeout(resting);
    resting = undefined;
    target.showPress(undefined);
  };

  const longPress = () => {
    if (doing.kind !== 'pressed') return;
    const { input, held } = doing;
    endRest();
    doing = { kind: 'over' };
    if (held !== undefined) target.deleteHandle(held.handle);
    else if (target.isOnPhoto(input.at)) target.mark(input.at, 0);
  };

  const cancel = () => {
    endRest();
    const was = doing;
    doing = pointers.size > 0 ? { kind: 'over' } : { kind: 'nothing' };
    if (was.kind === 'box') target.showBox(undefined);
    if (was.kind === 'handle' && was.moved) target.revertHandle();
    if (was.kind === 'draw') target.draw?.cancel();
    return ['box', 'handle', 'pressed', 'draw'].includes(was.kind);
  };

  const isNegative = ({ button, alt }: PointerInput) => button === 2 || alt;

  const click = (input: PointerInput, held: HeldHandle | undefined) => {
    if (held !== undefined) {
      if (input.ctrl) target.deleteHandle(held.handle);
      else target.selectHandle(held.handle);
    } else if (!target.isOnPhoto(input.at)) return;
    else if (input.ctrl) target.pickObject(input.at);
    else target.mark(input.at, isNegative(input) ? 0 : 1);
  };

  /** A press has moved so far that it is a drag. */
  const beginDrag = (input: PointerInput, held: HeldHandle | undefined) => {
    endRest();
    target.hover(undefined);
    if (held !== undefined && !input.ctrl) doing = { kind: 'handle', held, moved: false };
    else if (input.button !== 0 || input.ctrl || input.alt) doing = { kind: 'over' };
    else if (input.finger && target.tool() !== 'box') doing = { kind: 'over' };
    else doing = { kind: 'box', from: input.at, shift: input.shift };
  };

  const pinch = (id: number, to: ScreenPosition) => {
    const [first, second] = [...pointers];
    if (first === undefined || second === undefined || (id !== first[0] && id !== second[0])) return;
    const other = id === first[0] ? second[1] : first[1];
    const from = pointers.get(id) ?? to;
    const between = (one: ScreenPosition) => ({ left: (one.left + other.left) / 2, top: (one.top + other.top) / 2 });
    const apart = (one: ScreenPosition) => Math.hypot(one.left - other.left, one.top - other.top);
    const middle = between(to);
    target.pan({ left: middle.left - between(from).left, top: middle.top - between(from).top });
    if (apart(from) > 0) target.zoomBy(apart(to) / apart(from), middle);
  };

  return {
    down(input) {
      pointers.set(input.id, input.at);
      if (pointers.size > 1) {
        if (!input.finger) return;
        cancel();
        doing = { kind: 'pinch' };
        return;
      }
      if (input.button === 1 || target.isPanning() || (target.tool() === 'pan' && input.button === 0)) {
        doing = { kind: 'pan', last: input.at };
        return;
      }
      if (target.draw?.begin(input)) {
        doing = { kind: 'draw' };
        return;
      }
      const held = input.button === 0 && !input.alt ? target.handleAt(input.at, input) : undefined;
      doing = { kind: 'pressed', input, held };
      if (!input.finger) return;
      target.showPress(input.at);
      resting = setTimeout(longPress, LONG_PRESS_MS);
    },

    move(input) {
      const { at } = input;
      if (!pointers.has(input.id)) {
        if (pointers.size === 0 && !input.finger) target.hover(at);
        return;
      }
      if (doing.kind === 'pinch') pinch(input.id, at);
      if (doing.kind === 'draw') target.draw?.move(input);
      pointers.set(input.id, at);
      if (doing.kind === 'pressed') {
        const { input: start, held } = doing;
        const far = Math.hypot(at.left - start.at.left, at.top - start.at.top);
        if (far >= (start.finger ? FINGER_DRAG_FROM : DRAG_FROM)) beginDrag(start, held);
      }
      if (doing.kind === 'pan') {
        target.pan({ left: at.left - doing.last.left, top: at.top - doing.last.top });
        doing.last = at;
      } else if (doing.kind === 'box') {
        target.showBox({ from: doing.from, to: at });
      } else if (doing.kind === 'handle') {
        const { held, moved } = doing;
        const to = { left: at.left - held.offset.left, top: at.top - held.offset.top };
        const handle = target.moveHandle(held.handle, to, { joins: moved });
        doing = { kind: 'handle', held: { ...held, handle }, moved: true };
      }
    },

    up(input) {
      if (!pointers.delete(input.id)) return;
      endRest();
      const was = doing;
      doing = { kind: pointers.size > 0 ? 'over' : 'nothing' };
      if (was.kind === 'pressed') click(was.input, was.held);
      else if (was.kind === 'draw') target.draw?.end(input);
      else if (was.kind === 'box') {
        target.showBox(undefined);
        target.addBox(was.from, input.at, { keep: was.shift || input.shift });
      } else if (was.kind === 'handle') target.selectHandle(was.held.handle);
    },

    leave(id) {
      if (pointers.has(id)) {
        cancel();
        pointers.delete(id);
        if (pointers.size === 0) doing = { kind: 'nothing' };
      } else if (pointers.size === 0) target.hover(undefined);
    },

    cancel,

    doing() {
      if (doing.kind === 'pan' || doing.kind === 'pinch') return 'pan';
      return doing.kind === 'box' || doing.kind === 'handle' || doing.kind === 'draw' ? doing.kind : 'nothing';
    },
  };
}
