/** How the process was started. */
export interface Launch {
  /** The caller's file mode creation mask, only for files that the caller named. */
  umask: number;
}
