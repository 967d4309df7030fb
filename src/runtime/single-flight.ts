/** Single flight: concurrent calls for the same key share one run of the work. */
export interface SingleFlight<Result> {
  /**
   * Joins the running work of that key, or starts it. An aborted signal rejects its own call at once; the work itself
   * is aborted when the last caller has left.
   */
  join(key: string, start: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** Creates a single flight without running work. */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const running = new Map<string, { result: Promise<Result>; callers: number; abort: AbortController }>();

  return {
    join(key, start, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      let work = running.get(key);
      if (!work) {
        const abort = new AbortController();
        work = { result: start(abort.signal), callers: 0, abort };
        running.set(key, work);
        const forget = () => running.get(key) === work && running.delete(key);
        work.result.then(forget, forget);
      }
      const { result, abort } = work;
      const joined = work;
      joined.callers++;
      if (!signal) return result;

      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(signal.reason);
          joined.callers--;
          if (joined.callers > 0) return;
          if (running.get(key) === joined) running.delete(key);
          abort.abort(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      });
    },
  };
}
