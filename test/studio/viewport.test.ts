import { describe, expect, it } from 'vitest';
import { createCanvasView } from '../../studio/src/canvas/canvas-view.ts';
import {
  fitViewport,
  panBy,
  showPosition,
  toScreen,
  toUnit,
  toView,
  toViewport,
  visiblePart,
  zoomAt,
} from '../../studio/src/canvas/viewport.ts';

const photo = { width: 4000, height: 3000 };
const canvas = { width: 1000, height: 600 };
const fitted = fitViewport(photo, canvas);

describe('the viewport', () => {
  it('shows all of the photo, in the middle', () => {
    const from = toScreen(fitted, { x: 0, y: 0 }, photo);
    const to = toScreen(fitted, { x: 1, y: 1 }, photo);
    expect(from.left + to.left).toBeCloseTo(canvas.width);
    expect(from.top).toBeCloseTo(16);
    expect(to.top).toBeCloseTo(584);
  });

  it('keeps what is under the pointer there while it zooms', () => {
    const at = { left: 400, top: 200 };
    const before = toUnit(fitted, at, photo);
    const zoomed = zoomAt(fitted, at, 5, photo, canvas);
    expect(zoomed.scale).toBeCloseTo(fitted.scale * 5);
    const after = toUnit(zoomed, at, photo);
    expect(after?.x).toBeCloseTo(before?.x ?? 0, 9);
    expect(after?.y).toBeCloseTo(before?.y ?? 0, 9);
  });

  it('has limits of zoom, and never loses the photo', () => {
    expect(zoomAt(fitted, { left: 0, top: 0 }, 1e9, photo, canvas).scale).toBe(32);
    expect(zoomAt(fitted, { left: 0, top: 0 }, 1e-9, photo, canvas).scale).toBeCloseTo(fitted.scale / 2);
    for (const by of [-1e6, 1e6]) {
      const part = visiblePart(panBy(fitted, { left: by, top: by }, photo, canvas), photo, canvas);
      expect(part?.width).toBeGreaterThan(0);
      expect(part?.height).toBeGreaterThan(0);
    }
  });

  it('is the same view again on a canvas of another size', () => {
    const zoomed = zoomAt(fitted, { left: 700, top: 100 }, 6, photo, canvas);
    const view = toView(zoomed, photo, canvas);
    expect(toViewport(view, photo, canvas)).toEqual({
      scale: zoomed.scale,
      left: expect.closeTo(zoomed.left, 6),
      top: expect.closeTo(zoomed.top, 6),
    });
    const other = { width: 390, height: 500 };
    expect(toView(toViewport(view, photo, other), photo, other)).toEqual({
      scale: view.scale,
      x: expect.closeTo(view.x, 9),
      y: expect.closeTo(view.y, 9),
    });
  });

  it('names the visible pixels of the photo', () => {
    expect(visiblePart(fitted, photo, canvas)).toEqual({ left: 0, top: 0, ...photo });
    const close = { scale: 2, left: -1000, top: -500 };
    expect(visiblePart(close, photo, canvas)).toEqual({ left: 500, top: 250, width: 500, height: 300 });
    expect(visiblePart(close, photo, canvas, 0.5)).toEqual({ left: 250, top: 100, width: 1000, height: 600 });
    expect(visiblePart({ scale: 1, left: 2000, top: 0 }, photo, canvas)).toBeUndefined();
  });

  it('moves no further than it must to show a position', () => {
    const close = { scale: 2, left: -1000, top: -500 };
    const sizes = { photo, canvas, margin: 20 };
    expect(showPosition(close, toUnit(close, { left: 500, top: 300 }, photo) ?? { x: 0, y: 0 }, sizes)).toEqual(close);
    const left = showPosition(close, { x: 490 / photo.width, y: 300 / photo.height }, sizes);
    expect(left).toEqual({ scale: 2, left: expect.closeTo(-960), top: expect.closeTo(-500) });
  });
});

describe('the view', () => {
  it('follows the size of the canvas until somebody zooms', () => {
    const view = createCanvasView();
    view.measure(photo, canvas);
    expect(view.getState()).toEqual({ scale: fitted.scale, view: undefined });
    view.measure(photo, { width: 500, height: 600 });
    expect(view.getState().scale).toBeLessThan(fitted.scale);
    view.oneToOne({ left: 10, top: 10 });
    expect(view.getState()).toMatchObject({ scale: 1, view: { scale: 1 } });
    view.measure(photo, canvas);
    expect(view.getState().scale).toBe(1);
    view.fit();
    expect(view.getState()).toEqual({ scale: fitted.scale, view: undefined });
  });

  it('begins where an address says', () => {
    const view = createCanvasView({ scale: 2, x: 0.25, y: 0.75 });
    view.measure(photo, canvas);
    const middle = toScreen(view.viewport() ?? fitted, { x: 0.25, y: 0.75 }, photo);
    expect(middle).toEqual({ left: expect.closeTo(500), top: expect.closeTo(300) });
  });
});
