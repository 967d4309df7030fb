import type { Outline } from '../objects/photo-object.ts';
import { drawOutline, isInSight } from './draw-outlines.ts';
import type { Size, Viewport } from './viewport.ts';

/** A finished object as it is drawn. */
export interface LayerItem {
  outline: Outline;
  colour: string;
}

/** What the layer is to show, and how the canvas is placed over the photo. */
export interface LayerScene {
  items: readonly LayerItem[];
  viewport: Viewport;
  photo: Size;
  /** In CSS pixels. */
  canvas: Size;
  pixelRatio: number;
}

/** Finished objects, drawn ahead, so that a frame costs the same however many there are. */
export interface ObjectLayer {
  /** Draws what is missing for at most so many milliseconds. Returns whether all is drawn. */
  work(scene: LayerScene, budgetMs: number): boolean;
  /** Copies what is drawn onto a canvas, moved and scaled to a viewport if it was drawn for another. */
  copyTo(context: CanvasRenderingContext2D, viewport: Viewport): void;
  /** Those of the items that are not drawn yet. */
  missing(items: readonly LayerItem[]): readonly LayerItem[];
}

interface Drawn {
  element: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  scene: LayerScene;
  /** Number of items of the scene that are drawn. */
  done: number;
}

/** Objects that are drawn between two looks at the clock. */
const BATCH = 4;

/** Creates the layer. It has two bitmaps: one that is shown, and one in which the next is drawn. */
export function createObjectLayer(): ObjectLayer {
  let shown: Drawn | undefined;
  let next: Drawn | undefined;
  let spare: HTMLCanvasElement | undefined;

  const begin = (scene: LayerScene): Drawn => {
    const element = spare ?? document.createElement('canvas');
    spare = undefined;
    // Kept where it is drawn by the processor, so that reading a pixel below is cheap.
    const context = element.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('The browser gives no canvas to draw on.');
    element.width = Math.round(scene.canvas.width * scene.pixelRatio);
    element.height = Math.round(scene.canvas.height * scene.pixelRatio);
    return { element, context, scene, done: 0 };
  };

  const draw = (drawn: Drawn, until: number): boolean => {
    const { items, viewport, photo, canvas, pixelRatio } = drawn.scene;
    while (drawn.done < items.length) {
      const item = items[drawn.done];
      if (item !== undefined && isInSight(item.outline, { viewport, photo, canvas })) {
        const look = { colour: item.colour, fill: 0.35, line: 'plain' } as const;
        drawOutline(drawn.context, item.outline, look, { viewport, photo, pixelRatio });
      }
      drawn.done++;
      if (drawn.done % BATCH !== 0) continue;
      // Browsers note what is to be drawn and draw it later; only reading a pixel shows how long it takes.
      drawn.context.getImageData(0, 0, 1, 1);
      if (performance.now() > until) break;
    }
    return drawn.done >= items.length;
  };

  return {
    work(scene, budgetMs) {
      const until = performance.now() + budgetMs;
      // Objects that were added on top are drawn on top of what is there.
      if (next === undefined && shown !== undefined && isSamePlace(shown.scene, scene) && isBegun(shown, scene)) {
        shown.scene = scene;
        return draw(shown, until);
      }
      next ??= begin(scene);
      // One that was begun for another place is ended all the same: a photo that is moved all the time is shown too.
      if (!draw(next, until)) return false;
      spare = shown?.element;
      shown = next;
      next = undefined;
      return isSamePlace(shown.scene, scene) && isBegun(shown, scene) && shown.done === scene.items.length;
    },
    copyTo(context, viewport) {
      if (shown === undefined) return;
      const { scene, element } = shown;
      const ratio = viewport.scale / scene.viewport.scale;
      const left = (viewport.left - scene.viewport.left * ratio) * scene.pixelRatio;
      const top = (viewport.top - scene.viewport.top * ratio) * scene.pixelRatio;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.imageSmoothingQuality = 'low';
      context.drawImage(element, left, top, element.width * ratio, element.height * ratio);
    },
    missing(items) {
      if (shown?.scene.items === items && shown.done === items.length) return [];
      const drawn = new Set(shown?.scene.items.slice(0, shown.done).map(({ outline }) => outline));
      return items.filter(({ outline }) => !drawn.has(outline));
    },
  };
}

const isSamePlace = (one: LayerScene, other: LayerScene): boolean =>
  one.viewport.scale === other.viewport.scale &&
  one.viewport.left === other.viewport.left &&
  one.viewport.top === other.viewport.top &&
  one.canvas.width === other.canvas.width &&
  one.canvas.height === other.canvas.height &&
  one.pixelRatio === other.pixelRatio &&
  one.photo === other.photo;

/** Whether what is drawn are the first items of a scene. */
const isBegun = ({ scene, done }: Drawn, { items }: LayerScene): boolean =>
  done <= items.length &&
  scene.items
    .slice(0, done)
    .every(({ outline, colour }, place) => items[place]?.outline === outline && items[place]?.colour === colour);
