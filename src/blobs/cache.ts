/**
 * Contents under names of one's own, which may be gone at any time: what can be made again, and is kept because that takes
 * long. Names are made of letters, digits, `_`, `-` and `.`, and do not begin with a point.
 */
export interface Cache {
  /** Undefined where there is nothing of that name, or it is damaged. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes everything whose name begins so. */
  removeAll(prefix: string): Promise<void>;
  /** Every name, in no order. */
  list(): Promise<string[]>;
}
