import type { ForkedChild } from '../processes/start-child.ts';

/** How the process was started. */
export interface Launch {
  /** Where the engine's code is being loaded already. */
  forkedEngine?: ForkedChild;
  /** The caller's file mode creation mask: for files that they asked for by name, and no others. */
  umask: number;
}
