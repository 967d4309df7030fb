import type { ImageWindow } from '#geometry/image-window';

/** An image file. `contentHash` is the SHA-256 of its content: files of equal content share an embedding. */
export interface ImageFile {
  path: string;
  contentHash: string;
  /** The part of it that counts as the image, with an embedding of its own. Default: all of it. */
  window?: ImageWindow;
}
