import type { ImageWindow } from '#geometry/image-window';

/** An image file. `contentHash` is the SHA-256 of its content: files of equal content share an embedding. */
export interface ImageFile {
  path: string;
  contentHash: string;
  /** Whose work it is, so that those of one owner do not keep the encoder to themselves: in a server, the project. */
  owner?: string;
  /**
   * Part of the upright image, in its pixels, that is treated as the image and has a separate embedding. Default: the
   * whole image.
   */
  window?: ImageWindow;
}
