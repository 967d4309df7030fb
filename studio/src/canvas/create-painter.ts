import type { StoreApi } from 'zustand/vanilla';
import type { Correction } from '../correct/correction-state.ts';
import { drawCorrection } from '../correct/draw-correction.ts';
import { colourOf } from '../objects/colours.ts';
import { isEmptyPrompt, outlineOf } from '../objects/photo-object.ts';
import { activeObject, type PhotoObjects } from '../objects/photo-objects.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import type { CanvasState } from './canvas-state.ts';
import { drawBox, drawCrosshair, drawPress, drawPrompt, type Placing } from './draw-marks.ts';
import { drawOutline } from './draw-outlines.ts';
import { drawPicture } from './draw-picture.ts';
import { createObjectLayer, type LayerItem } from './object-layer.ts';
import type { OriginalPart } from './open-original.ts';
import { type ScreenPosition, type Size, toScreen, type Viewport } from './viewport.ts';

/** The canvases that lie over each other, lowest first. */
export type LayerName = 'picture' | 'objects' | 'live';

/** What the painter draws beside the objects. */
export interface PaintSource {
  photo: Size;
  picture: ImageBitmap | undefined;
  /** A part of the photo in its own pixels, where they have been fetched. */
  original(): OriginalPart | undefined;
  viewport(): Viewport | undefined;
  /** Size of the canvas in CSS pixels. */
  canvas(): Size | undefined;
}

/** Draws the canvas, in the next frame and only what has changed. */
export interface Painter {
  /** Says what has to be drawn again. */
  invalidate(...layers: LayerName[]): void;
  /** Says that the photo was moved or zoomed: drawn fast until it rests, then fine. */
  moved(): void;
  stop(): void;
}

/** Milliseconds of a frame that go into drawing finished objects. */
const LAYER_BUDGET_MS = 4;
/** Objects that are not in their layer yet and are drawn in each frame instead. */
const MOST_MISSING = 20;
/** Time without movement after which the photo is drawn fine. */
const REST_MS = 120;

/** Creates the painter of three canvases. */
export function createPainter({
  layers,
  source,
  store,
  state,
  correction,
}: {
  layers: Record<LayerName, HTMLCanvasElement>;
  source: PaintSource;
  store: PhotoStore;
  state: StoreApi<CanvasState>;
  correction: Correction;
}): Painter {
  const stale = new Set<LayerName>();
  const layer = createObjectLayer();
  const finishedItems = createItems();
  let drawnItems: readonly LayerItem[] = [];
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  let frame: number | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const invalidate = (...names: LayerName[]) => {
    for (const name of names) stale.add(name);
    frame ??= requestAnimationFrame(paint);
  };

  const paint = () => {
    frame = undefined;
    const viewport = source.viewport();
    const canvas = source.canvas();
    if (viewport === undefined || canvas === undefined) return;
    const placing = { viewport, photo: source.photo, pixelRatio: devicePixelRatio };
    const isStale = (name: LayerName) => stale.delete(name);
    if (isStale('picture')) paintPicture(placing, canvas);
    const items = finishedItems(store.getState().history.present);
    if (isStale('objects') || items !== drawnItems) {
      drawnItems = items;
      const isDone = layer.work({ items, ...placing, canvas }, LAYER_BUDGET_MS);
      layer.copyTo(emptied(layers.objects, canvas, placing), viewport);
      if (!isDone) invalidate('objects');
      stale.add('live');
    }
    if (isStale('live')) paintLive(placing, canvas, layer.missing(items).slice(-MOST_MISSING));
  };

  const paintPicture = (placing: Placing, canvas: Size) => {
    if (source.picture === undefined) return;
    const context = emptied(layers.picture, canvas, placing);
    drawPicture(
      context,
      { picture: source.picture, original: source.original(), isMoving: rest !== undefined },
      placing,
    );
  };

  const paintLive = (placing: Placing, canvas: Size, missing: readonly LayerItem[]) => {
    const context = emptied(layers.live, canvas, placing);
    for (const { outline, colour } of missing)
      drawOutline(context, outline, { colour, fill: 0.35, line: 'plain' }, placing);
    const { history, hover, former } = store.getState();
    const { objects, activeId } = history.present;
    const { box, press, crosshair, boxFrom, selected } = state.getState();
    const active = activeObject(history.present);
    if (active === undefined) {
      const colour = colourOf(undefined, objects.length);
      if (hover !== undefined) drawOutline(context, hover, { colour, fill: 0.35, line: 'strong' }, placing);
    } else if (!active.hidden) {
      const colour = colourOf(
        active.label,
        objects.findIndex(({ id }) => id === activeId),
      );
      const isCorrecting = correction.isOn();
      const change = correction.getState();
      const outline =
        (isCorrecting && change.draft) || outlineOf(active) || (isEmptyPrompt(active.prompt) ? undefined : former);
      for (const other of isCorrecting ? [] : active.outlines) {
        if (other !== outline) drawOutline(context, other, { colour, fill: 0, line: 'thin' }, placing);
      }
      if (outline !== undefined) drawOutline(context, outline, { colour, fill: 0.35, line: 'strong' }, placing);
      if (isCorrecting) drawCorrection(context, change, { outline, colour, canvas }, placing);
      else drawPrompt(context, active.prompt, { selected, locked: active.locked }, placing);
    }
    if (box !== undefined) drawBox(context, box, placing);
    if (crosshair !== undefined) {
      if (boxFrom !== undefined)
        drawBox(context, { from: onScreen(boxFrom, placing), to: onScreen(crosshair, placing) }, placing);
      drawCrosshair(context, crosshair, placing);
    }
    if (press !== undefined) {
      const restedMs = performance.now() - press.since;
      drawPress(context, press.at, { restedMs, still: stillness.matches }, placing);
      invalidate('live');
    }
  };

  return {
    invalidate,
    moved() {
      clearTimeout(rest);
      rest = setTimeout(() => {
        rest = undefined;
        invalidate('picture');
      }, REST_MS);
      invalidate('picture', 'objects', 'live');
    },
    stop() {
      clearTimeout(rest);
      if (frame !== undefined) cancelAnimationFrame(frame);
      frame = -1;
    },
  };
}

const onScreen = (position: { x: number; y: number }, { viewport, photo }: Placing): ScreenPosition =>
  toScreen(viewport, position, photo);

/** Finds the finished objects in sight, lowest first; the same list as before if they are the same. */
function createItems(): (objects: PhotoObjects) => readonly LayerItem[] {
  let input: PhotoObjects | undefined;
  let items: readonly LayerItem[] = [];
  return (present) => {
    if (input === present) return items;
    input = present;
    const found = present.objects.flatMap((object, place) => {
      const outline = outlineOf(object);
      if (object.hidden || object.id === present.activeId || outline === undefined) return [];
      return [{ outline, colour: colourOf(object.label, place) }];
    });
    const isSame = ({ outline, colour }: LayerItem, place: number) =>
      items[place]?.outline === outline && items[place]?.colour === colour;
    if (found.length !== items.length || !found.every(isSame)) items = found;
    return items;
  };
}

/** Sizes a canvas to the pixels of the screen, and empties it. */
function emptied(element: HTMLCanvasElement, size: Size, { pixelRatio }: Placing): CanvasRenderingContext2D {
  const context = element.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas to draw on.');
  const width = Math.round(size.width * pixelRatio);
  const height = Math.round(size.height * pixelRatio);
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  return context;
}
