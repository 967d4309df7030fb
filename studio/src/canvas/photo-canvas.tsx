import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { colourOf } from '../objects/colours.ts';
import { countVertices, outlineOf } from '../objects/photo-object.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import { drawOutline, drawPoints } from './draw-outlines.ts';
import classes from './photo-canvas.module.css';
import {
  fitViewport,
  panBy,
  type ScreenPosition,
  type Size,
  toNearestUnit,
  toScreen,
  toUnit,
  type Viewport,
  zoomAt,
} from './viewport.ts';

/** A photo as the canvas draws it. */
export interface CanvasPhoto {
  /** Upright size in pixels. */
  size: Size;
  /** A copy of it, perhaps smaller. */
  picture: ImageBitmap | undefined;
}

/** CSS pixels that the pointer may move before a click becomes a drag. */
const DRAG_FROM = 4;

/**
 * The photo with everything on it, and what the pointer does there: moving shows the outline below, a click marks, a
 * drag makes a box, the wheel zooms.
 */
export function PhotoCanvas({
  photo,
  store,
  state,
  label,
}: {
  photo: CanvasPhoto;
  store: PhotoStore;
  /** `loading`, `encoding`, `ready` or `error`. */
  state: string;
  /** What a screen reader says of it. */
  label: string;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [canvas, setCanvas] = useState<Size>();
  const [chosenViewport, setViewport] = useState<Viewport>();
  const [box, setBox] = useState<{ from: ScreenPosition; to: ScreenPosition }>();
  const { history, hover, former, place, tool } = useStore(store);
  const { objects, activeId } = history.present;
  const viewport = canvas && (chosenViewport ?? fitViewport(photo.size, canvas));
  const { actions } = store;

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setCanvas({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const context = prepare(picture.current, canvas);
    if (context === undefined || viewport === undefined || photo.picture === undefined) return;
    const { scale, left, top } = viewport;
    context.imageSmoothingEnabled = scale < 4;
    context.imageSmoothingQuality = 'high';
    context.drawImage(photo.picture, left, top, photo.size.width * scale, photo.size.height * scale);
  }, [canvas, viewport, photo]);

  useEffect(() => {
    const context = prepare(overlay.current, canvas);
    if (context === undefined || viewport === undefined) return;
    const view = { viewport, photo: photo.size, pixelRatio: devicePixelRatio };
    for (const [index, object] of objects.entries()) {
      const outline = outlineOf(object) ?? (object.id === activeId ? former : undefined);
      if (object.hidden || outline === undefined) continue;
      const colour = colourOf(object.label, index);
      const isActive = object.id === activeId;
      if (isActive) {
        for (const other of object.outlines) {
          if (other !== outline) drawOutline(context, other, { colour, fill: 0, line: 'thin' }, view);
        }
      }
      drawOutline(context, outline, { colour, fill: 0.35, line: isActive ? 'strong' : 'plain' }, view);
    }
    if (activeId === undefined && hover !== undefined) {
      drawOutline(context, hover, { colour: colourOf(undefined, objects.length), fill: 0.35, line: 'strong' }, view);
    }
    const active = objects.find(({ id }) => id === activeId);
    const { boundingBox, points = [] } = active?.prompt ?? {};
    if (boundingBox !== undefined) {
      const from = toScreen(viewport, { x: boundingBox.xMin, y: boundingBox.yMin }, photo.size);
      const to = toScreen(viewport, { x: boundingBox.xMax, y: boundingBox.yMax }, photo.size);
      drawBox(context, { from, to });
    }
    drawPoints(context, points, view);
    if (box !== undefined) drawBox(context, box);
  }, [canvas, viewport, photo.size, objects, activeId, hover, former, box]);

  const at = (event: { clientX: number; clientY: number }): ScreenPosition => {
    const corner = frame.current?.getBoundingClientRect();
    return { left: event.clientX - (corner?.left ?? 0), top: event.clientY - (corner?.top ?? 0) };
  };

  // React's own wheel listener is passive, and could not keep the page from scrolling.
  const zoom = useRef<(event: WheelEvent) => void>(() => {});
  zoom.current = (event) => {
    event.preventDefault();
    if (viewport === undefined || canvas === undefined) return;
    setViewport(zoomAt(viewport, at(event), 2 ** (-event.deltaY / 300), photo.size, canvas));
  };
  useEffect(() => {
    const element = frame.current;
    const listener = (event: WheelEvent) => zoom.current(event);
    element?.addEventListener('wheel', listener, { passive: false });
    return () => element?.removeEventListener('wheel', listener);
  }, []);

  const press = useRef<{ at: ScreenPosition; pans: boolean; moved: boolean }>(undefined);
  return (
    <div
      ref={frame}
      className={classes.canvas}
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys
      tabIndex={0}
      data-testid="canvas"
      data-state={state}
      data-preview={place}
      data-objects={objects.length}
      data-tool={tool}
      data-photo={viewport && placeOnCanvas(viewport, photo.size)}
      data-hover={hover && `${hover.score} ${countVertices(hover)}`}
      onContextMenu={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        press.current = { at: at(event), pans: event.button === 1 || tool === 'pan', moved: false };
      }}
      onPointerMove={(event) => {
        if (viewport === undefined || canvas === undefined) return;
        const now = at(event);
        const down = press.current;
        if (down === undefined) {
          actions.hoverAt(toUnit(viewport, now, photo.size));
          return;
        }
        const by = { left: now.left - down.at.left, top: now.top - down.at.top };
        if (!down.moved && Math.hypot(by.left, by.top) < DRAG_FROM) return;
        down.moved = true;
        if (down.pans) {
          setViewport(panBy(viewport, by, photo.size, canvas));
          down.at = now;
        } else setBox({ from: down.at, to: now });
      }}
      onPointerUp={(event) => {
        const down = press.current;
        press.current = undefined;
        setBox(undefined);
        if (down === undefined || down.pans || viewport === undefined) return;
        if (down.moved) {
          const one = toNearestUnit(viewport, down.at, photo.size);
          const other = toNearestUnit(viewport, at(event), photo.size);
          const [xMin, xMax] = [Math.min(one.x, other.x), Math.max(one.x, other.x)];
          const [yMin, yMax] = [Math.min(one.y, other.y), Math.max(one.y, other.y)];
          if (xMin < xMax && yMin < yMax) actions.setBox({ xMin, yMin, xMax, yMax }, { keep: event.shiftKey });
          return;
        }
        const position = toUnit(viewport, at(event), photo.size);
        if (position === undefined) return;
        actions.addPoint({ ...position, label: event.button === 2 || event.altKey ? 0 : 1 });
      }}
      onPointerLeave={() => actions.hoverAt(undefined)}
    >
      <canvas ref={picture} aria-hidden />
      <canvas ref={overlay} aria-hidden />
    </div>
  );
}

/** Where the photo is on the canvas, for tests: left, top, width and height in CSS pixels. */
const placeOnCanvas = ({ scale, left, top }: Viewport, { width, height }: Size): string =>
  [left, top, width * scale, height * scale].join(' ');

/** Sizes a canvas to the pixels of the screen, and empties it. */
function prepare(element: HTMLCanvasElement | null, size: Size | undefined): CanvasRenderingContext2D | undefined {
  const context = element?.getContext('2d');
  if (element === null || !context || size === undefined) return undefined;
  const width = Math.round(size.width * devicePixelRatio);
  const height = Math.round(size.height * devicePixelRatio);
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  return context;
}

function drawBox(context: CanvasRenderingContext2D, { from, to }: { from: ScreenPosition; to: ScreenPosition }): void {
  const rectangle = [from.left, from.top, to.left - from.left, to.top - from.top] as const;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 0.6)';
  context.strokeRect(...rectangle);
  context.setLineDash([6, 4]);
  context.lineWidth = 1.5;
  context.strokeStyle = '#fff';
  context.strokeRect(...rectangle);
  context.setLineDash([]);
}
