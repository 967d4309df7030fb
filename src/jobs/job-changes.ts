import { sql } from 'kysely';
import type { JobStatus } from '#contract/vision/segment-job';
import type { Database } from '../database/open-database.ts';

/**
 * Event: a job was created, claimed for the first time, or ended. `statusTime` is in milliseconds since 1970-01-01 UTC.
 */
export interface JobChange {
  jobId: number;
  project: string;
  fileId: number;
  status: JobStatus;
  statusTime: number;
}

/** Callbacks for changes of jobs. */
export interface JobChangeListener {
  changed(change: JobChange): void;
  /** The connection to the database was lost: changes may have been missed. */
  missed(): void;
}

/** Changes of jobs, made by any process on the database. */
export interface JobChanges {
  start(): Promise<void>;
  /** Calls the listener for every change. Call the returned function to unsubscribe. */
  subscribe(listener: JobChangeListener): () => void;
  stop(): Promise<void>;
}

const CHANNEL = 'kontur_job_changes';

/**
 * SQL expression for `returning` in a statement that changes the status of jobs: notifies every process when the
 * transaction is committed.
 */
export const announceChange = sql<null>`pg_notify(${CHANNEL}, json_build_object(
  'jobId', job_id, 'project', project, 'fileId', file_id, 'status', status, 'statusTime', status_time)::text)`;

/** Creates the source of changes; it listens to the database's notifications. */
export function createJobChanges({ database }: { database: Pick<Database, 'listen'> }): JobChanges {
  const listeners = new Set<JobChangeListener>();
  let unlisten: (() => Promise<void>) | undefined;
  return {
    async start() {
      unlisten = await database.listen(CHANNEL, {
        message(payload) {
          const change = JSON.parse(payload) as JobChange;
          for (const listener of listeners) listener.changed(change);
        },
        reconnected() {
          for (const listener of listeners) listener.missed();
        },
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      await unlisten?.();
    },
  };
}
