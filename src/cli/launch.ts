/** How the process was started. */
export interface Launch {
  /** The caller's file mode creation mask: for files that they asked for by name, and no others. */
  umask: number;
}
