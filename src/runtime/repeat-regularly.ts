/** Work that runs now and at intervals, such as upkeep. */
export interface RegularWork {
  /** True from the moment that `stop` is called: work in several steps ends after the one under way. */
  readonly stopped: boolean;
  /** Runs the work now, and after each interval unless it still runs. */
  start(): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** Creates work that runs in the background, one run at a time; a run that fails does not stop it. */
export function repeatRegularly<Result>(
  work: () => Promise<Result>,
  {
    intervalMs,
    onDone,
    onError,
  }: { intervalMs: number; onDone: (result: Result) => void; onError: (error: unknown) => void },
): RegularWork {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> | undefined;

  function runUnlessRunning(): void {
    running ??= work()
      .then(onDone, onError)
      .finally(() => {
        running = undefined;
      });
  }

  return {
    get stopped() {
      return stopped;
    },
    start() {
      runUnlessRunning();
      timer = setInterval(runUnlessRunning, intervalMs);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
