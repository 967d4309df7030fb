import type { Selectable, Transaction } from 'kysely';
import type { InstanceId } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import type { FilesTable, Schema } from '../database/schema.ts';
import { failCancelled } from './fail-unfinished.ts';
import { jobNotFound } from './find-job.ts';

/** The client that cancels a job. */
export interface Canceller {
  /** Subject of its token. */
  subject: string;
  /**
   * Checks the right to write the file; undefined stands for a file that this server does not have.
   *
   * @throws KonturError `forbidden`
   */
  authoriseWrite(file: { dataSetId?: number; instanceId?: InstanceId } | undefined): void;
}

/**
 * Ends an unfinished job as Failed, and deletes one that has ended. A canceller that did not post the job must have the
 * right to write its file as it is now; without a canceller, the server itself cancels.
 *
 * @throws KonturError `job-not-found`, also for a job of another project; `forbidden`
 */
export async function cancelJob(
  { database: { kysely }, now }: { database: Database; now: () => number },
  project: string,
  jobId: number,
  { canceller }: { canceller?: Canceller } = {},
): Promise<'cancelled' | 'erased'> {
  return kysely.transaction().execute(async (transaction) => {
    if (canceller !== undefined) await authoriseCanceller(transaction, canceller, { project, jobId });
    if (await failCancelled(transaction, { project, jobId, time: now() })) return 'cancelled';
    const { numDeletedRows } = await transaction
      .deleteFrom('jobs')
      .where('job_id', '=', jobId)
      .where('project', '=', project)
      .where('status', 'in', ['Completed', 'Failed'])
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw jobNotFound(jobId);
    return 'erased';
  });
}

/** Locks the file against changes until the job has been cancelled. */
async function authoriseCanceller(
  transaction: Transaction<Schema>,
  canceller: Canceller,
  { project, jobId }: { project: string; jobId: number },
): Promise<void> {
  const job = await transaction
    .selectFrom('jobs')
    .select(['subject', 'file_id'])
    .where('job_id', '=', jobId)
    .where('project', '=', project)
    .executeTakeFirst();
  if (job === undefined || job.subject === canceller.subject) return;
  const file = await transaction
    .selectFrom('files')
    .select(['data_set_id', 'instance_space', 'instance_external_id'])
    .where('id', '=', job.file_id)
    .where('project', '=', project)
    // The file before the job: deleting a file locks them in this order too.
    .forShare()
    .executeTakeFirst();
  canceller.authoriseWrite(file && toRightsOfFile(file));
}

function toRightsOfFile({
  data_set_id,
  instance_space,
  instance_external_id,
}: Pick<Selectable<FilesTable>, 'data_set_id' | 'instance_space' | 'instance_external_id'>) {
  const inSpace = instance_space !== null && instance_external_id !== null;
  return {
    dataSetId: data_set_id ?? undefined,
    instanceId: inSpace ? { space: instance_space, externalId: instance_external_id } : undefined,
  };
}
