/** Clean-up steps, gathered while things are built and run in reverse order. */
export interface Cleanup {
  add(step: () => Promise<unknown>): void;
  /**
   * Runs every step, the latest first, even if one fails; then throws the first failure. Later calls wait for the first
   * call.
   */
  run(): Promise<void>;
}

/** Creates an empty list of clean-up steps. */
export function createCleanup(): Cleanup {
  const steps: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | undefined;

  async function runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of steps.reverse()) await step().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
  return {
    add: (step) => void steps.push(step),
    run: () => (running ??= runAll()),
  };
}
