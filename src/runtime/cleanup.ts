/** What has to be undone, gathered while things are built and run in reverse. */
export interface Cleanup {
  add(step: () => Promise<unknown>): void;
  /** Runs every step, the latest first, even when one fails; then throws the first failure. Later calls wait for the first. */
  run(): Promise<void>;
}

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
