/** Content of an image file whose format and header are known, and none of its pixels. */
export interface ImageContent {
  /** Size as stored, before it is turned upright. */
  width: number;
  height: number;
  /** What the image library reads the header from. */
  header: Buffer;
  hasAlpha: boolean;
  /** Memory that the decoder holds while it reads, beyond some lines. */
  heldBytes: number;
  /** Memory of a pixel that is held to be turned. */
  bytesPerPixel: number;
  /** What makes it take memory, such as "interlaced", and what to do about it. */
  traits: { name: string; remedy: string }[];
  /**
   * Passes to `use` what the image library can read the pixels from, with colours and values as a person would see
   * them.
   * @param repair leaves out everything but the pixels, for files that the library cannot read otherwise
   */
  withSource<Result>(use: (source: string | Buffer) => Promise<Result>, repair?: boolean): Promise<Result>;
  /**
   * Checks that every pixel is there.
   * @throws KonturError `image-truncated` that says which share is missing
   */
  check(): Promise<void>;
}
