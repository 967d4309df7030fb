import type { StoreApi } from 'zustand/vanilla';
import type { CorrectPointer } from '../correct/correct-pointer.ts';
import type { Correction } from '../correct/correction-state.ts';
import type { PhotoObject, UnitPosition } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import type { CanvasState } from './canvas-state.ts';
import type { CanvasView } from './canvas-view.ts';
import { boxBetween, deleteHandle, type Handle, moveHandle, objectAt } from './hit-test.ts';
import { CORRECT_TOOL_KEYS, type KeyCommand, type KeyPress, type KeyState } from './keys.ts';
import { type ScreenPosition, type Size, toNearestUnit, toScreen } from './viewport.ts';

/** Changes the objects of a photo, by positions on it. */
export interface Editor {
  mark(position: UnitPosition, label: 0 | 1): void;
  /** Marks by a box between two corners; `keep` adds it to the active object. A box without area does nothing. */
  addBox(from: UnitPosition, to: UnitPosition, options: { keep: boolean }): void;
  /** Moves a part of the active prompt; `joins` makes it one step with the move before. Returns the handle held then. */
  moveHandle(handle: Handle, to: UnitPosition, options: { joins: boolean }): Handle;
  selectHandle(handle: Handle | undefined): void;
  deleteHandle(handle: Handle): void;
  /** Makes the finished object at a position the active one. */
  pickObject(position: UnitPosition): void;
  /** The active object, if it may be changed. */
  editable(): PhotoObject | undefined;
  /** What decides about keys that mean several things. */
  keyState(): KeyState;
  /** Does what a key stands for. Returns whether there was something to do. */
  run(command: KeyCommand, press: KeyPress): boolean;
}

/** CSS pixels by which an arrow key moves the photo, and the crosshair; with Shift more. */
const PAN_STEP = { plain: 64, shift: 256 } as const;
const CROSSHAIR_STEP = { plain: 1, shift: 10 } as const;
const ZOOM_STEP = 1.25;

/** How far an arrow key moves something, with or without Shift. */
function stepOf({ key, shiftKey }: KeyPress, { plain, shift }: { plain: number; shift: number }) {
  const step = shiftKey ? shift : plain;
  const signed = (less: string, more: string) => (key === more ? step : key === less ? -step : 0);
  return { across: signed('ArrowLeft', 'ArrowRight'), down: signed('ArrowUp', 'ArrowDown') };
}

/** Creates the editor of one canvas. */
export function createEditor({
  photo,
  store,
  state,
  view,
  correction,
  correctPointer,
  zoomCentre,
  cancelGesture,
  showKeys,
}: {
  photo: Size;
  store: PhotoStore;
  state: StoreApi<CanvasState>;
  view: CanvasView;
  correction: Correction;
  correctPointer: CorrectPointer;
  /** Where the pointer is, in CSS pixels of the canvas; undefined if it is elsewhere. */
  zoomCentre(): ScreenPosition | undefined;
  /** Ends what a pointer is doing; returns whether there was something. */
  cancelGesture(): boolean;
  showKeys(): void;
}): Editor {
  const { actions } = store;
  const active = () => activeObject(store.getState().history.present);
  const editable = () => {
    const object = active();
    return object?.locked ? undefined : object;
  };
  const isThere = ({ prompt }: PhotoObject, handle: Handle) =>
    handle.kind === 'box' ? prompt.boundingBox !== undefined : handle.index < prompt.points.length;

  const editor: Editor = {
    editable,
    mark(position, label) {
      state.setState({ selected: undefined });
      actions.addPoint({ ...position, label });
    },
    addBox(from, to, options) {
      const box = boxBetween(from, to);
      state.setState({ selected: undefined });
      if (box.xMin < box.xMax && box.yMin < box.yMax) actions.setBox(box, options);
    },
    moveHandle(handle, to, options) {
      const object = editable();
      if (object === undefined || !isThere(object, handle)) return handle;
      const moved = moveHandle(object.prompt, handle, to);
      if (moved.prompt !== object.prompt) actions.changePrompt(moved.prompt, options);
      state.setState({ selected: moved.handle });
      return moved.handle;
    },
    selectHandle: (selected) => state.setState({ selected }),
    deleteHandle(handle) {
      const object = editable();
      state.setState({ selected: undefined });
      if (object === undefined || !isThere(object, handle)) return;
      const prompt = deleteHandle(object.prompt, handle);
      if (prompt.points.length === 0 && prompt.boundingBox === undefined) actions.remove(object.id);
      else actions.changePrompt(prompt);
    },
    pickObject(position) {
      const object = objectAt(store.getState().history.present.objects, position);
      if (object !== undefined) actions.select(object.id);
    },
    keyState: () => ({
      crosshair: state.getState().crosshair !== undefined,
      candidates: correction.isOn() ? 0 : (active()?.outlines.length ?? 0),
      ...(correction.isOn() && { correcting: correctingNow() }),
    }),
    run: (command, press) => run(command, press),
  };

  const correctingNow = () => {
    const { tool, vertex } = correction.getState();
    return { tool, hasVertex: vertex !== undefined };
  };

  const moveCrosshair = (crosshair: UnitPosition) => {
    state.setState({ crosshair });
    view.reveal(crosshair);
    if (!correction.isOn()) actions.hoverAt(crosshair);
    else correction.setState({ pointer: crosshair });
  };

  const leaveCrosshair = () => {
    state.setState({ crosshair: undefined, boxFrom: undefined });
    actions.hoverAt(undefined);
  };

  const place = (crosshair: UnitPosition, label: 0 | 1) => {
    const { boxFrom } = state.getState();
    if (correction.isOn()) return correctPointer.placeAt(crosshair, { erases: label === 0 });
    if (boxFrom === undefined) return editor.mark(crosshair, label);
    state.setState({ boxFrom: undefined });
    editor.addBox(boxFrom, crosshair, { keep: label === 0 });
  };

  const stepPhoto = (press: KeyPress) => {
    const { across, down } = stepOf(press, PAN_STEP);
    view.pan({ left: -across, top: -down });
  };

  const stepCrosshair = (from: UnitPosition, press: KeyPress) => {
    const { across, down } = stepOf(press, CROSSHAIR_STEP);
    // At least a pixel of the photo, so that each press changes something.
    const pixels = Math.max(1 / (view.viewport()?.scale ?? 1), 1);
    const limit = (value: number) => Math.min(Math.max(value, 0), 1);
    moveCrosshair({
      x: limit(from.x + (across * pixels) / photo.width),
      y: limit(from.y + (down * pixels) / photo.height),
    });
  };

  const cancel = (): boolean => {
    if (cancelGesture()) return true;
    const { crosshair, boxFrom } = state.getState();
    if (boxFrom !== undefined) state.setState({ boxFrom: undefined });
    else if (crosshair !== undefined) leaveCrosshair();
    else if (correction.isOn()) leaveCorrection();
    else if (active() !== undefined) actions.drop();
    else return false;
    state.setState({ selected: undefined });
    return true;
  };

  /** Leaves the vertex that is chosen, then the correction. */
  const leaveCorrection = () => {
    if (correction.getState().vertex !== undefined) correction.setState({ vertex: undefined });
    else correction.leave();
  };

  const remove = (): boolean => {
    if (correction.isOn()) {
      const { vertex } = correction.getState();
      if (vertex !== undefined) correction.deleteVertex(vertex);
      return vertex !== undefined;
    }
    const { selected } = state.getState();
    const object = editable();
    if (object === undefined) return false;
    if (selected !== undefined && isThere(object, selected)) editor.deleteHandle(selected);
    else actions.remove(object.id);
    return true;
  };

  /** Another size of brush or tolerance, or another vertex. */
  const change = (by: 1 | -1) => {
    if (correction.getState().tool !== 'vertices') return correction.grow(by);
    const at = correctPointer.step(by);
    if (at !== undefined) view.reveal(at);
  };

  const nudge = (press: KeyPress) => {
    const { across, down } = stepOf(press, CROSSHAIR_STEP);
    return correctPointer.nudge({ across, down });
  };

  const finish = () => {
    if (correction.isOn()) correction.leave();
    return active() === undefined ? false : actions.finish();
  };

  /** What stays in place when keys zoom: the crosshair, else the pointer, else the middle. */
  const centre = () => {
    const { crosshair } = state.getState();
    const viewport = view.viewport();
    return crosshair && viewport ? toScreen(viewport, crosshair, photo) : zoomCentre();
  };

  const run = (command: KeyCommand, press: KeyPress): boolean => {
    const { crosshair } = state.getState();
    const object = active();
    const commands: Record<KeyCommand, () => unknown> = {
      place: () => crosshair && place(crosshair, 1),
      placeBackground: () => crosshair && place(crosshair, 0),
      crosshair: () => (crosshair === undefined ? moveCrosshair(middleInSight()) : leaveCrosshair()),
      beginBox: () => state.setState({ boxFrom: crosshair }),
      moveCrosshair: () => crosshair && stepCrosshair(crosshair, press),
      movePhoto: () => stepPhoto(press),
      nextCandidate: () => object && actions.choose((object.chosen + 1) % object.outlines.length),
      candidate: () => actions.choose(Number(press.key) - 1),
      finish,
      cancel,
      delete: remove,
      undo: () => actions.undo(),
      redo: () => actions.redo(),
      follow: () => actions.setFollows(!store.getState().follows),
      zoomIn: () => view.zoomBy(ZOOM_STEP, centre()),
      zoomOut: () => view.zoomBy(1 / ZOOM_STEP, centre()),
      fit: () => view.fit(),
      oneToOne: () => view.oneToOne(centre()),
      showKeys,
      correct: () => (correction.isOn() ? correction.leave() : correction.begin()),
      correctTool: () => correction.setTool(CORRECT_TOOL_KEYS[press.key.toLowerCase()] ?? 'vertices'),
      smaller: () => change(-1),
      larger: () => change(1),
      moveVertex: () => nudge(press),
      addVertex: () => correctPointer.addVertex(),
    };
    return commands[command]() !== false;
  };

  const middleInSight = (): UnitPosition => {
    const viewport = view.viewport();
    const { canvas } = view.sizes() ?? {};
    if (viewport === undefined || canvas === undefined) return { x: 0.5, y: 0.5 };
    return toNearestUnit(viewport, { left: canvas.width / 2, top: canvas.height / 2 }, photo);
  };

  return editor;
}
