import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnitPosition } from '../objects/photo-object.ts';
import {
  fitViewport,
  panBy,
  type ScreenPosition,
  type Size,
  showPosition,
  toView,
  toViewport,
  type View,
  type Viewport,
  zoomAt,
} from './viewport.ts';

/** What the canvas shows of the photo. */
export interface CanvasViewState {
  /** Zoom and middle, for an address; undefined while all of the photo is shown, whatever the size of the window. */
  view?: View;
  /** CSS pixels that a pixel of the photo takes now; undefined until the photo is there. */
  scale?: number;
}

/** What is under the pointer or the crosshair. */
export interface PointedPixel {
  /** Position in pixels of the upright photo, from its top-left corner. */
  x: number;
  y: number;
  /** Colour there, such as `#4a423a`; undefined until the picture is there. */
  colour?: string;
}

/** View of a photo: which part of it the canvas shows, and what is under the pointer. Both can be subscribed to. */
export interface CanvasView extends StoreApi<CanvasViewState> {
  /** The pixel under the pointer, for a status line; undefined where there is none. */
  pointed: StoreApi<{ pixel?: PointedPixel }>;
  /** Shows all of the photo. */
  fit(): void;
  /** Zooms by a factor: about a position of the canvas in CSS pixels, by default its middle. */
  zoomBy(factor: number, at?: ScreenPosition): void;
  /** Shows a pixel of the photo as large as a CSS pixel. */
  oneToOne(at?: ScreenPosition): void;
  /** Moves the photo by CSS pixels. */
  pan(by: ScreenPosition): void;
  /** Brings a position of the photo into sight. */
  reveal(position: UnitPosition): void;
  /** Notes the sizes of photo and canvas. */
  measure(photo: Size, canvas: Size): void;
  /** Sizes of photo and canvas, once they are measured. */
  sizes(): { photo: Size; canvas: Size } | undefined;
  /** Where the photo is on the canvas; undefined until both are measured. */
  viewport(): Viewport | undefined;
}

/** Creates the view of a photo. @param initial zoom and middle, as from an address; all of the photo without it */
export function createCanvasView(initial?: View): CanvasView {
  const store = createStore<CanvasViewState>(() => (initial === undefined ? {} : { view: initial }));
  let sizes: { photo: Size; canvas: Size } | undefined;
  let current: Viewport | undefined;

  const place = () => {
    if (sizes === undefined) return;
    const { photo, canvas } = sizes;
    const { view } = store.getState();
    current = view === undefined ? fitViewport(photo, canvas) : toViewport(view, photo, canvas);
    store.setState({ scale: current.scale });
  };
  const show = (change: (viewport: Viewport, photo: Size, canvas: Size) => Viewport) => {
    if (current === undefined || sizes === undefined) return;
    const { photo, canvas } = sizes;
    const next = change(current, photo, canvas);
    if (next.scale === current.scale && next.left === current.left && next.top === current.top) return;
    current = next;
    store.setState({ view: toView(current, photo, canvas), scale: current.scale });
  };
  const middle = (canvas: Size): ScreenPosition => ({ left: canvas.width / 2, top: canvas.height / 2 });

  return Object.assign(store, {
    pointed: createStore<{ pixel?: PointedPixel }>(() => ({})),
    fit() {
      store.setState({ view: undefined });
      place();
    },
    zoomBy: (factor: number, at?: ScreenPosition) =>
      show((viewport, photo, canvas) => zoomAt(viewport, at ?? middle(canvas), factor, photo, canvas)),
    oneToOne: (at?: ScreenPosition) =>
      show((viewport, photo, canvas) => zoomAt(viewport, at ?? middle(canvas), 1 / viewport.scale, photo, canvas)),
    pan: (by: ScreenPosition) => show((viewport, photo, canvas) => panBy(viewport, by, photo, canvas)),
    reveal: (position: UnitPosition) =>
      show((viewport, photo, canvas) => showPosition(viewport, position, { photo, canvas })),
    measure(photo: Size, canvas: Size) {
      sizes = { photo, canvas };
      place();
    },
    sizes: () => sizes,
    viewport: () => current,
  });
}
