/**
 * Files under names of one's own, which may be gone at any time: what can be made again, and is kept because that takes long.
 * Whoever reads one has to tell whether it is whole. Names are made of letters, digits, `_`, `-` and `.`, and do not begin with a
 * point.
 */
export interface Cache {
  /** Puts the file of that name to a path where there is nothing; its length in bytes. Undefined where there is none of that name. */
  read(name: string, to: string): Promise<number | undefined>;
  /** Keeps a file that does not change any more. */
  write(name: string, from: string): Promise<void>;
  /** Removes everything whose name begins so. */
  removeAll(prefix: string): Promise<void>;
  /** Every name, in no order. */
  list(): Promise<string[]>;
}
