/** Work that stops where it says, so that other work can be done before it goes on. */
export interface Steps<Result> {
  /**
   * Goes on with the work until it stops again or ends; undefined says that it has stopped. To be called again only then.
   * @throws what the work throws
   */
  next(): Promise<{ result: Result } | undefined>;
}

/** @param work awaits `stop` wherever other work may come first; it begins with the first `next` */
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
