import type { PointerInput } from '../canvas/create-gestures.ts';
import { type ScreenPosition, toNearestUnit, toScreen, type Viewport } from '../canvas/viewport.ts';
import type { UnitPosition } from '../objects/photo-object.ts';
import type { Correction } from './correction-state.ts';
import {
  hitOutline,
  insertVertex,
  moveVertex,
  type OutlineHit,
  stepVertex,
  type VertexPlace,
  vertexAt,
} from './hit-outline.ts';

/** What presses on the photo do while an outline is corrected. */
export interface CorrectPointer {
  /** Takes a press, and all that follows until the pointer is lifted; false if it is not for a correction. */
  begin(input: PointerInput): boolean;
  move(input: PointerInput): void;
  end(input: PointerInput): void;
  /** Ends what is under way without effect. */
  cancel(): void;
  /** What is under the pointer now. */
  hover(at: ScreenPosition | undefined): void;
  /** Value of the CSS property `cursor` at a position. */
  cursor(at: ScreenPosition, keys: { ctrl: boolean; alt: boolean }): string;
  /** Does at the crosshair what a click does. */
  placeAt(position: UnitPosition, options: { erases: boolean }): void;
  /** Moves the chosen vertex by pixels of the photo; false if none is chosen. */
  nudge(by: { across: number; down: number }): boolean;
  /** Chooses the next or the previous vertex. Returns where it is. */
  step(by: 1 | -1): UnitPosition | undefined;
  /** Adds a vertex in the middle of the line after the chosen one; false if none is chosen. */
  addVertex(): boolean;
}

/** CSS pixels that a pointer may move before a click becomes a drag. */
const DRAG_FROM = 3;
/** Time within which moves of a vertex by keys are one step that can be undone. */
const JOINS_MS = 1500;

type Doing =
  | {
      kind: 'vertex';
      place: VertexPlace;
      from: ScreenPosition;
      offset: ScreenPosition;
      isMoved: boolean;
      adds: boolean;
    }
  | { kind: 'stroke' };

/** Creates what pointers and keys do on the canvas while an outline is corrected. */
export function createCorrectPointer({
  correction,
  viewport,
  pick,
}: {
  correction: Correction;
  viewport(): Viewport | undefined;
  /** Makes the finished object at a position the active one. */
  pick(position: UnitPosition): void;
}): CorrectPointer {
  const { getState, setState } = correction;
  let doing: Doing | undefined;
  let nudgedAt = Number.NEGATIVE_INFINITY;

  const placing = () => {
    const [now, photo] = [viewport(), correction.photo()?.size];
    return now === undefined || photo === undefined ? undefined : { viewport: now, photo };
  };
  const unitAt = (at: ScreenPosition): UnitPosition => {
    const place = placing();
    return place === undefined ? { x: 0, y: 0 } : toNearestUnit(place.viewport, at, place.photo);
  };
  const hit = (at: ScreenPosition, finger: boolean): OutlineHit | undefined => {
    const [now, place] = [correction.corrected(), placing()];
    return now && place && hitOutline(now.outline.parts, at, { ...place, finger });
  };

  const pressVertex = (input: PointerInput): void => {
    const [now, place] = [correction.corrected(), placing()];
    const found = hit(input.at, input.finger);
    if (now === undefined || place === undefined || found === undefined) {
      setState({ vertex: undefined });
      if (found === undefined && !input.finger) pick(unitAt(input.at));
      return;
    }
    if (found.kind === 'vertex' && (input.ctrl || input.alt || input.button === 2)) {
      correction.deleteVertex(found.place);
      return;
    }
    if (input.button !== 0) return;
    if (found.kind === 'line') {
      const added = { ...found.place, index: found.place.index + 1 };
      const parts = insertVertex(now.outline.parts, found.place, unitAt(input.at));
      setState({ vertex: added, draft: { ...now.outline, parts } });
      doing = { kind: 'vertex', place: added, from: input.at, offset: { left: 0, top: 0 }, isMoved: true, adds: true };
      return;
    }
    const vertex = vertexAt(now.outline.parts, found.place) ?? { x: 0, y: 0 };
    const { left, top } = toScreen(place.viewport, vertex, place.photo);
    setState({ vertex: found.place });
    const offset = { left: input.at.left - left, top: input.at.top - top };
    doing = { kind: 'vertex', place: found.place, from: input.at, offset, isMoved: false, adds: false };
  };

  const moveHeld = (held: Extract<Doing, { kind: 'vertex' }>, at: ScreenPosition) => {
    const now = correction.corrected();
    if (now === undefined) return;
    if (!held.isMoved && Math.hypot(at.left - held.from.left, at.top - held.from.top) < DRAG_FROM) return;
    const outline = getState().draft ?? now.outline;
    const to = unitAt({ left: at.left - held.offset.left, top: at.top - held.offset.top });
    doing = { ...held, isMoved: true };
    setState({ draft: { ...outline, parts: moveVertex(outline.parts, held.place, to) } });
  };

  const erasesBy = ({ button, alt }: PointerInput) => getState().tool === 'eraser' || button === 2 || alt;

  return {
    begin(input) {
      if (!correction.isOn()) return false;
      if (correction.corrected() === undefined) {
        pick(unitAt(input.at));
        return true;
      }
      const { tool } = getState();
      if (tool === 'vertices') pressVertex(input);
      else if (tool === 'wand') doing = { kind: 'stroke' };
      else {
        doing = { kind: 'stroke' };
        setState({ stroke: { way: [unitAt(input.at)], erases: erasesBy(input) }, pointer: unitAt(input.at) });
      }
      return true;
    },
    move(input) {
      if (doing?.kind === 'vertex') moveHeld(doing, input.at);
      const { stroke } = getState();
      if (doing?.kind !== 'stroke' || stroke === undefined) return;
      const pointer = unitAt(input.at);
      setState({ pointer, stroke: { ...stroke, way: [...stroke.way, pointer] } });
    },
    end(input) {
      const was = doing;
      doing = undefined;
      const { tool, stroke, draft } = getState();
      if (input.finger) setState({ pointer: undefined });
      if (was?.kind === 'vertex' && draft !== undefined) correction.put(draft.parts);
      else if (was?.kind === 'stroke' && stroke !== undefined) correction.paint(stroke.way, stroke);
      else if (was?.kind === 'stroke' && tool === 'wand') {
        correction.wand(unitAt(input.at), { erases: erasesBy(input) });
      }
    },
    cancel() {
      doing = undefined;
      setState({ draft: undefined, stroke: undefined });
    },
    hover: (at) => setState({ pointer: at && unitAt(at) }),
    cursor(at, { ctrl, alt }) {
      if (getState().tool !== 'vertices') return 'crosshair';
      if (doing?.kind === 'vertex') return 'move';
      const found = hit(at, false);
      if (found === undefined) return 'default';
      if (found.kind === 'line') return 'copy';
      return ctrl || alt ? 'not-allowed' : 'move';
    },
    placeAt(position, { erases }) {
      const { tool } = getState();
      if (tool === 'wand') correction.wand(position, { erases });
      else if (tool !== 'vertices') correction.paint([position], { erases: erases || tool === 'eraser' });
      else {
        const place = placing();
        const at = place && toScreen(place.viewport, position, place.photo);
        const found = at && hit(at, false);
        const now = correction.corrected();
        if (found?.kind === 'vertex') setState({ vertex: found.place });
        else if (found !== undefined && now !== undefined) {
          setState({ vertex: { ...found.place, index: found.place.index + 1 } });
          correction.put(insertVertex(now.outline.parts, found.place, position));
        }
      }
    },
    nudge({ across, down }) {
      const [now, size] = [correction.corrected(), correction.photo()?.size];
      const { vertex, draft } = getState();
      const parts = draft?.parts ?? now?.outline.parts;
      const at = vertex && parts && vertexAt(parts, vertex);
      if (size === undefined || vertex === undefined || at === undefined || parts === undefined) return false;
      const limit = (value: number) => Math.min(Math.max(value, 0), 1);
      const to = { x: limit(at.x + across / size.width), y: limit(at.y + down / size.height) };
      const time = performance.now();
      correction.put(moveVertex(parts, vertex, to), { joins: time - nudgedAt < JOINS_MS });
      nudgedAt = time;
      return true;
    },
    step(by) {
      const now = correction.corrected();
      const vertex = now && stepVertex(now.outline.parts, getState().vertex, by);
      nudgedAt = Number.NEGATIVE_INFINITY;
      setState({ vertex });
      return vertex && vertexAt(now.outline.parts, vertex);
    },
    addVertex() {
      const now = correction.corrected();
      const { vertex } = getState();
      const ring = vertex && now?.outline.parts[vertex.part]?.[vertex.ring];
      const one = vertex && ring?.[vertex.index];
      const other = vertex && ring?.[(vertex.index + 1) % ring.length];
      if (now === undefined || vertex === undefined || one === undefined || other === undefined) return false;
      setState({ vertex: { ...vertex, index: vertex.index + 1 } });
      correction.put(insertVertex(now.outline.parts, vertex, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }));
      return true;
    },
  };
}
