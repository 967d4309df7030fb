import type { Segment } from '../contract/segment-job.ts';
import type { JobTask } from './job-record.ts';
import type { Run } from './run-job.ts';

/** Work on jobs that began while their messages were still on their way through the queue. */
export interface HeadStarts {
  /** How many jobs have begun and were not taken yet. */
  readonly count: number;
  /** Begins the work of a job that was just submitted. */
  begin(task: JobTask): void;
  /** For whoever has claimed the job: goes on with what has begun; undefined where nothing has. */
  take(jobId: number): Run | undefined;
  /** Aborts what nobody has taken. */
  abort(): void;
}

/** A message that has not come by then went to another process, which does the work itself. A busy database takes seconds. */
const UNTAKEN_MS = 30_000;

/**
 * Between the commit of a job and the moment that a worker holds its claim lie some milliseconds of statements, a tenth of the
 * time of a prompt on a known image. Where this process is idle the engine gets the job meanwhile. Nothing depends on it: the
 * job is claimed and ended like any other, and what was begun for nothing is aborted.
 */
export function createHeadStarts(run: Run): HeadStarts {
  const begun = new Map<number, { segments: Promise<Segment[]>; abort: AbortController; timer: NodeJS.Timeout }>();

  const remove = (jobId: number) => {
    const work = begun.get(jobId);
    begun.delete(jobId);
    clearTimeout(work?.timer);
    return work;
  };
  const drop = (jobId: number) => remove(jobId)?.abort.abort(new Error('Nobody took the job that had begun.'));

  return {
    get count() {
      return begun.size;
    },
    begin({ jobId, project, file, contentSha256, upstreamFile, prompt }) {
      const abort = new AbortController();
      const segments = run({ jobId, project, file, contentSha256, upstreamFile, prompt }, abort.signal);
      // Whoever takes it hears of its failure.
      segments.catch(() => {});
      begun.set(jobId, { segments, abort, timer: setTimeout(drop, UNTAKEN_MS, jobId).unref() });
    },
    take(jobId) {
      const work = remove(jobId);
      if (work === undefined) return undefined;
      return (_task, signal) => {
        signal.addEventListener('abort', () => work.abort.abort(signal.reason), { once: true });
        return work.segments;
      };
    },
    abort() {
      for (const jobId of begun.keys()) drop(jobId);
    },
  };
}
