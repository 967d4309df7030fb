import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';

/**
 * Converts a part of the upright image to a rectangle of the stored pixels, which the EXIF orientation says how to
 * turn. Source: CIPA DC-008 (Exif 2.32), tag 274: which side of the upright image the stored row 0 and column 0 are.
 */
export function storedWindow(
  { left, top, width, height }: ImageWindow,
  { imageWidth, imageHeight }: ImageSize,
  orientation = 1,
): ImageWindow {
  const right = imageWidth - left - width;
  const bottom = imageHeight - top - height;
  const upright = { width, height };
  const turned = { width: height, height: width };
  switch (orientation) {
    case 2:
      return { left: right, top, ...upright };
    case 3:
      return { left: right, top: bottom, ...upright };
    case 4:
      return { left, top: bottom, ...upright };
    case 5:
      return { left: top, top: left, ...turned };
    case 6:
      return { left: top, top: right, ...turned };
    case 7:
      return { left: bottom, top: right, ...turned };
    case 8:
      return { left: bottom, top: left, ...turned };
    default:
      return { left, top, ...upright };
  }
}
