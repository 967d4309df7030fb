/** Work that pauses at points of its choice, so that other work can be done in between. */
export interface Steps<Result> {
  /**
   * Continues the work until it pauses (undefined) or ends. Call again only after it has paused.
   *
   * @throws what the work throws
   */
  next(): Promise<{ result: Result } | undefined>;
}

/**
 * Prepares work that runs in steps.
 *
 * @param work awaits `stop` wherever other work may come first; it begins with the first `next`
 */
export function workInSteps<Result>(work: (stop: () => Promise<void>) => Promise<Result>): Steps<Result> {
  let outcome: Promise<{ result: Result }> | undefined;
  let goOn = () => {};
  let tellStopped = () => {};
  const stop = () =>
    new Promise<void>((resolve) => {
      goOn = resolve;
      tellStopped();
    });
  return {
    next() {
      const stopped = new Promise<undefined>((resolve) => {
        tellStopped = () => resolve(undefined);
      });
      if (outcome) goOn();
      outcome ??= work(stop).then((result) => ({ result }));
      return Promise.race([stopped, outcome]);
    },
  };
}
