import { createCorrectPointer } from '../correct/correct-pointer.ts';
import type { Correction } from '../correct/correction-state.ts';
import type { UnitPosition } from '../objects/photo-object.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import { createCanvasState } from './canvas-state.ts';
import type { CanvasView } from './canvas-view.ts';
import { createEditor } from './create-editor.ts';
import { createGestures, type PointerInput } from './create-gestures.ts';
import { createPainter, type LayerName } from './create-painter.ts';
import { cursorFor } from './cursor-for.ts';
import { hitHandle, objectAt } from './hit-test.ts';
import { listenToKeys } from './listen-to-keys.ts';
import { type Original, openOriginal } from './open-original.ts';
import type { CanvasPhoto } from './photo-canvas.tsx';
import { createPixelReader } from './pixel-reader.ts';
import { type ScreenPosition, toNearestUnit, toScreen, toUnit, visiblePart } from './viewport.ts';
import { watchPixelRatio } from './watch-pixel-ratio.ts';

/** How much wheels zoom: CSS pixels of scrolling that double the scale; pinching on a trackpad scrolls less. */
const WHEEL_DOUBLES = { scroll: 300, pinch: 100 } as const;
/** CSS pixels of a line and a page, where a wheel counts in these. */
const WHEEL_UNITS = [1, 16, 400] as const;
/** How much further than the window the fetched part of the original reaches, as a share of it. */
const ORIGINAL_MARGIN = 0.25;

/**
 * Starts the canvas in an element: pointers, wheel and keys change the objects and the view, and what has changed is
 * drawn in the next frame. React has no part in that, so that a moved pointer renders nothing.
 *
 * @param options.onCrosshair told where the crosshair is, in pixels of the photo; undefined once there is none
 * @returns a function that ends it
 */
export function startCanvas({
  element,
  layers,
  photo,
  store,
  view,
  correction,
  onCrosshair,
  showKeys,
}: {
  element: HTMLElement;
  layers: Record<LayerName, HTMLCanvasElement>;
  photo: CanvasPhoto;
  store: PhotoStore;
  view: CanvasView;
  correction: Correction;
  onCrosshair: (pixel: { x: number; y: number } | undefined) => void;
  showKeys: () => void;
}): () => void {
  const end = new AbortController();
  const { actions } = store;
  const state = createCanvasState();
  const readPixel = createPixelReader();
  let original: Original | undefined;
  let pointer: { at: ScreenPosition; ctrl: boolean; alt: boolean } | undefined;
  let isPanKeyHeld = false;

  const painter = createPainter({
    layers,
    source: {
      photo: photo.size,
      picture: photo.picture,
      original: () => original?.part(),
      viewport: view.viewport,
      canvas: () => view.sizes()?.canvas,
    },
    store,
    state,
    correction,
  });
  correction.open({ size: photo.size, pictures: () => ({ picture: photo.picture, original: original?.part() }) });
  const correctPointer = createCorrectPointer({
    correction,
    viewport: view.viewport,
    pick: (position) => editor.pickObject(position),
  });

  const onPhoto = <Result>(use: (viewport: NonNullable<ReturnType<CanvasView['viewport']>>) => Result) => {
    const viewport = view.viewport();
    return viewport === undefined ? undefined : use(viewport);
  };
  const unitAt = (at: ScreenPosition) => onPhoto((viewport) => toUnit(viewport, at, photo.size));
  const nearestUnit = (at: ScreenPosition): UnitPosition =>
    onPhoto((viewport) => toNearestUnit(viewport, at, photo.size)) ?? { x: 0, y: 0 };

  const handleAt = (at: ScreenPosition, finger: boolean) =>
    onPhoto((viewport) => {
      const object = editor.editable();
      const placing = { viewport, photo: photo.size, finger };
      const handle = object && hitHandle(object.prompt, at, placing);
      if (object === undefined || handle === undefined) return undefined;
      const point = handle.kind === 'point' ? object.prompt.points[handle.index] : undefined;
      const middle = point === undefined ? at : toScreen(viewport, point, photo.size);
      return { handle, offset: { left: at.left - middle.left, top: at.top - middle.top } };
    });

  const gestures = createGestures({
    tool: () => store.getState().tool,
    isPanning: () => isPanKeyHeld,
    isOnPhoto: (at) => unitAt(at) !== undefined,
    handleAt: (at, { finger }) => handleAt(at, finger),
    mark: (at, label) => editor.mark(nearestUnit(at), label),
    showBox: (box) => state.setState({ box }),
    addBox: (from, to, options) => editor.addBox(nearestUnit(from), nearestUnit(to), options),
    moveHandle: (handle, to, options) => editor.moveHandle(handle, nearestUnit(to), options),
    revertHandle: () => actions.undo(),
    selectHandle: (handle) => editor.selectHandle(handle),
    deleteHandle: (handle) => editor.deleteHandle(handle),
    pickObject: (at) => editor.pickObject(nearestUnit(at)),
    pan: view.pan,
    zoomBy: view.zoomBy,
    hover: (at) => (correction.isOn() ? correctPointer.hover(at) : actions.hoverAt(at && unitAt(at))),
    draw: correctPointer,
    showPress: (at) => state.setState({ press: at && { at, since: performance.now() } }),
  });

  const editor = createEditor({
    photo: photo.size,
    store,
    state,
    view,
    correction,
    correctPointer,
    zoomCentre: () => pointer?.at,
    cancelGesture: gestures.cancel,
    showKeys,
  });

  const showPixel = () => {
    const position = pointer === undefined ? state.getState().crosshair : unitAt(pointer.at);
    const pictures = { photo: photo.size, picture: photo.picture, original: original?.part() };
    view.pointed.setState({ pixel: position && readPixel(position, pictures) });
  };

  const showCursor = () => {
    element.style.cursor = cursorFor({
      doing: gestures.doing(),
      pans: isPanKeyHeld || store.getState().tool === 'pan',
      corrects: correction.isOn() && pointer ? correctPointer.cursor(pointer.at, pointer) : undefined,
      isOnPhoto: pointer !== undefined && unitAt(pointer.at) !== undefined,
      handle: pointer && !pointer.alt ? handleAt(pointer.at, false)?.handle : undefined,
      picks: () =>
        pointer !== undefined &&
        objectAt(store.getState().history.present.objects, nearestUnit(pointer.at)) !== undefined,
      ctrl: pointer?.ctrl ?? false,
      alt: pointer?.alt ?? false,
    });
  };

  const wantOriginal = () => {
    const sizes = view.sizes();
    const viewport = view.viewport();
    if (sizes === undefined || viewport === undefined || photo.picture === undefined || photo.link === undefined)
      return;
    const perPixel = viewport.scale * devicePixelRatio;
    // A pixel of the copy would take more than one of the screen: there is more to be seen in the original.
    if ((perPixel * photo.size.width) / photo.picture.width <= 1.05) return;
    original ??= openOriginal({ link: photo.link, size: photo.size, onPart: () => painter.invalidate('picture') });
    const part = visiblePart(viewport, photo.size, sizes.canvas, ORIGINAL_MARGIN);
    if (part === undefined) return;
    const drawn = (length: number) => Math.max(1, Math.round(length * Math.min(perPixel, 1)));
    original.ask(part, { width: drawn(part.width), height: drawn(part.height) });
  };

  const placed = () => {
    painter.moved();
    wantOriginal();
    const viewport = view.viewport();
    if (viewport === undefined) return;
    const { scale, left, top } = viewport;
    element.dataset.photo = [left, top, photo.size.width * scale, photo.size.height * scale].join(' ');
  };

  const measure = () => {
    if (element.clientWidth === 0 || element.clientHeight === 0) return;
    view.measure(photo.size, { width: element.clientWidth, height: element.clientHeight });
    placed();
  };

  const inputOf = (event: PointerEvent): PointerInput => ({
    id: event.pointerId,
    finger: event.pointerType === 'touch',
    at: positionOf(event, element),
    button: event.button,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    shift: event.shiftKey,
  });

  const handle = (kind: 'down' | 'move' | 'up', event: PointerEvent) => {
    const input = inputOf(event);
    pointer = input.finger ? undefined : { at: input.at, ctrl: input.ctrl, alt: input.alt };
    gestures[kind](input);
    showPixel();
    showCursor();
  };
  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    listener: (event: HTMLElementEventMap[Name]) => void,
    options: AddEventListenerOptions = {},
  ) => element.addEventListener(name, listener, { ...options, signal: end.signal });

  on('pointerdown', (event) => {
    // Only a press of this canvas is followed beyond its border.
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    element.dataset.pointed = '';
    // Otherwise the browser scrolls by the middle button.
    if (event.button === 1) event.preventDefault();
    handle('down', event);
  });
  on('pointermove', (event) => handle('move', event));
  on('pointerup', (event) => handle('up', event));
  for (const name of ['pointercancel', 'pointerleave'] as const) {
    on(name, (event) => {
      pointer = undefined;
      gestures.leave(event.pointerId);
      showPixel();
    });
  }
  // Who points sees the focus by the pointer; who uses keys sees a frame, which `:focus-visible` does not tell apart.
  element.dataset.pointed = '';
  for (const name of ['keydown', 'keyup'] as const) on(name, () => delete element.dataset.pointed);
  on('contextmenu', (event) => event.preventDefault());
  on(
    'wheel',
    (event) => {
      event.preventDefault();
      const scrolled = event.deltaY * (WHEEL_UNITS[event.deltaMode] ?? 1);
      const doubles = event.ctrlKey ? WHEEL_DOUBLES.pinch : WHEEL_DOUBLES.scroll;
      view.zoomBy(2 ** (-scrolled / doubles), positionOf(event, element));
      showPixel();
      showCursor();
    },
    { passive: false },
  );

  listenToKeys({
    element,
    editor,
    signal: end.signal,
    onPanKey(isHeld) {
      isPanKeyHeld = isHeld;
      showCursor();
    },
    onModifiers(modifiers) {
      if (pointer === undefined) return;
      pointer = { ...pointer, ...modifiers };
      showCursor();
    },
  });

  const observer = new ResizeObserver(measure);
  observer.observe(element);
  const leavers = [
    () => observer.disconnect(),
    view.subscribe(placed),
    store.subscribe((now, before) => {
      if (now.history !== before.history) painter.invalidate('objects', 'live');
      if (now.history.present.activeId !== before.history.present.activeId) state.setState({ selected: undefined });
      if (now.hover !== before.hover || now.former !== before.former || now.tool !== before.tool)
        painter.invalidate('live');
    }),
    state.subscribe((now, before) => {
      painter.invalidate('live');
      if (now.crosshair === before.crosshair) return;
      const at = now.crosshair;
      onCrosshair(at && { x: Math.round(at.x * photo.size.width), y: Math.round(at.y * photo.size.height) });
      if (pointer === undefined) showPixel();
    }),
    correction.subscribe(() => painter.invalidate('live')),
    watchPixelRatio(measure),
  ];
  measure();

  return () => {
    end.abort();
    for (const leave of leavers) leave();
    painter.stop();
    original?.close();
    view.pointed.setState({ pixel: undefined });
  };
}

/** Position of an event on an element, in CSS pixels. */
function positionOf(event: { clientX: number; clientY: number }, element: Element): ScreenPosition {
  const { left, top } = element.getBoundingClientRect();
  return { left: event.clientX - left, top: event.clientY - top };
}
