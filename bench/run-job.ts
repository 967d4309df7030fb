import { setTimeout as sleep } from 'node:timers/promises';
import type { Prompt } from '#contract/vision/prompt';
import type { JobAnswer, ServerProcess } from '../testing/server-process.ts';

/** Times of the events of a job, in milliseconds since 1970-01-01 UTC by the clock of this machine. */
export interface JobTimes {
  jobId: number;
  posted: number;
  created: number;
  started: number;
  completed: number;
}

/**
 * Milliseconds between polls. The moment of completion is the job's `statusTime`, so polls can be rare: on two cores
 * they would compete with what is measured. `prompt`: the first poll comes after a prompt on a known image has ended.
 * `client`: as the clients of the hosted service do (@cognite/sdk 10.5.0).
 */
export const POLLS = { prompt: 200, client: 1000 } as const;

/**
 * Posts a job and waits until it is Completed.
 *
 * @throws where it Failed
 */
export async function runJob(
  server: ServerProcess,
  fileId: number,
  prompt: Prompt,
  pollMs: number = POLLS.prompt,
): Promise<JobTimes> {
  return (await postJob(server, fileId, prompt, pollMs)).completed();
}

/** Posts a job; `completed` waits for its end. */
export async function postJob(
  server: ServerProcess,
  fileId: number,
  prompt: Prompt,
  pollMs: number = POLLS.prompt,
): Promise<{ completed(): Promise<JobTimes> }> {
  const posted = performance.timeOrigin + performance.now();
  const jobId = await server.post(fileId, prompt);
  return {
    async completed() {
      for (;;) {
        await sleep(pollMs);
        const { status, body } = await server.call<JobAnswer>('GET', `/context/vision/segment/${jobId}`);
        if (status !== 200) throw new Error(`GET of job ${jobId}: ${status} ${JSON.stringify(body)}`);
        if (body.status === 'Failed') throw new Error(`job ${jobId}: ${body.errorMessage}`);
        if (body.status !== 'Completed') continue;
        return { jobId, posted, created: body.createdTime, started: body.startTime, completed: body.statusTime };
      }
    },
  };
}

/** Runs tasks in order, a given number of them concurrently. */
export async function runConcurrently<T>(tasks: (() => Promise<T>)[], concurrency: number): Promise<T[]> {
  const results: T[] = [];
  const waiting = tasks.entries();
  const worker = async () => {
    for (const [index, task] of waiting) results[index] = await task();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
