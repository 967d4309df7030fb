import type { Database } from '../database/open-database.ts';
import type { JobChanges } from './job-changes.ts';

/** The jobs that this process runs, so that they can be aborted by whatever process ends them. */
export interface RunningJobs {
  /** Runs `work` with a signal that is aborted when the job has been ended elsewhere. */
  whileRunning<T>(jobId: number, work: (calledOff: AbortSignal) => Promise<T>): Promise<T>;
}

/** Creates the record of the jobs that this process runs, which listens to changes of jobs. */
export function createRunningJobs({
  database: { kysely },
  changes,
}: {
  database: Pick<Database, 'kysely'>;
  changes: JobChanges;
}): RunningJobs {
  const running = new Map<number, Set<AbortController>>();
  const callOff = (jobId: number) => {
    for (const controller of running.get(jobId) ?? []) controller.abort(new Error('The job was ended.'));
  };

  async function callOffEnded() {
    const jobIds = [...running.keys()];
    if (jobIds.length === 0) return;
    const rows = await kysely
      .selectFrom('jobs')
      .select('job_id')
      .where('job_id', 'in', jobIds)
      .where('status', '=', 'Running')
      .execute();
    const unfinished = new Set(rows.map(({ job_id }) => job_id));
    for (const jobId of jobIds) if (!unfinished.has(jobId)) callOff(jobId);
  }

  changes.subscribe({
    changed({ jobId, status }) {
      if (status === 'Failed' || status === 'Completed') callOff(jobId);
    },
    // If the database is lost again, the next reconnection checks; a late answer is refused in any case.
    missed: () => void callOffEnded().catch(() => {}),
  });

  return {
    async whileRunning(jobId, work) {
      const controller = new AbortController();
      const same = running.get(jobId) ?? new Set();
      running.set(jobId, same.add(controller));
      try {
        return await work(controller.signal);
      } finally {
        same.delete(controller);
        if (same.size === 0) running.delete(jobId);
      }
    },
  };
}
