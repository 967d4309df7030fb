import type { ImageWindow } from '#geometry/image-window';

/** An image file. `contentHash` is the SHA-256 of its content: files of equal content share an embedding. */
export interface ImageFile {
  path: string;
  contentHash: string;
  /** Client that the work is for: work of one owner leaves room for others at the encoder. In a server, the project. */
  owner?: string;
  /**
   * Part of the upright image, in its pixels, that is treated as the image and has a separate embedding. Default: the
   * whole image.
   */
  window?: ImageWindow;
}
