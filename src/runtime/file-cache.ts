/**
 * A cache of files that can be recomputed, under names that the caller chooses. It outlives the process, and
 * processes may share it. A file may be deleted at any time, and readers have to check that it is complete. Names
 * consist of letters, digits, `_`, `-` and `.`, and do not begin with a dot.
 */
export interface FileCache {
  /**
   * Copies the file of that name to a path where nothing exists. Returns its length in bytes, or undefined on a cache
   * miss.
   */
  read(name: string, to: string): Promise<number | undefined>;
  /** Stores a file, which must not change any more. */
  write(name: string, from: string): Promise<void>;
  /** Deletes every file whose name has the prefix. */
  removeAll(prefix: string): Promise<void>;
  /** Every name, in no order. */
  list(): Promise<string[]>;
}
