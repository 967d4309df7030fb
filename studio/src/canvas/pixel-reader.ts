import type { UnitPosition } from '../objects/photo-object.ts';
import type { PointedPixel } from './canvas-view.ts';
import type { OriginalPart } from './open-original.ts';
import type { Size } from './viewport.ts';

/** Reads pixels of a photo: its own where they are there, else those of the copy. */
export type PixelReader = (
  position: UnitPosition,
  pictures: { photo: Size; picture: ImageBitmap | undefined; original: OriginalPart | undefined },
) => PointedPixel;

/** Creates the reader, which has a canvas of one pixel. */
export function createPixelReader(): PixelReader {
  const element = document.createElement('canvas');
  element.width = 1;
  element.height = 1;
  const context = element.getContext('2d', { willReadFrequently: true });

  const colourAt = (bitmap: ImageBitmap, x: number, y: number): string | undefined => {
    if (context === null) return undefined;
    const within = (place: number, length: number) => Math.min(Math.max(Math.floor(place), 0), length - 1);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 1, 1);
    context.drawImage(bitmap, within(x, bitmap.width), within(y, bitmap.height), 1, 1, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  };

  return (position, { photo, picture, original }) => {
    const x = Math.min(Math.floor(position.x * photo.width), photo.width - 1);
    const y = Math.min(Math.floor(position.y * photo.height), photo.height - 1);
    if (original !== undefined) {
      const { part, bitmap } = original;
      const [across, down] = [(x + 0.5 - part.left) / part.width, (y + 0.5 - part.top) / part.height];
      if (across >= 0 && across < 1 && down >= 0 && down < 1) {
        return { x, y, colour: colourAt(bitmap, across * bitmap.width, down * bitmap.height) };
      }
    }
    if (picture === undefined) return { x, y };
    return { x, y, colour: colourAt(picture, position.x * picture.width, position.y * picture.height) };
  };
}
