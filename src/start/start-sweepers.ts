import { createAnnotationSweeper } from '../annotations/sweep-annotations.ts';
import { createIssuerRecordSweeper } from '../auth/sweep-issuer-records.ts';
import { createFileSweeper } from '../files/sweep-files.ts';
import { createJobSweeper } from '../jobs/sweep-jobs.ts';
import type { Foundation } from './open-foundation.ts';
import type { FileParts } from './wire-files.ts';

/** Starts the sweepers, which delete what has expired or lost its owner, now and at intervals. */
export function startSweepers(
  { config, database, blobs, stores, logger, cleanup }: Foundation,
  { settler, upkeep }: FileParts,
): void {
  for (const sweeper of [
    createFileSweeper({ database, blobs, copies: stores.copies, settle: settler?.sweep, logger }),
    createJobSweeper({ database, retentionDays: config.retentionDays, logger }),
    createAnnotationSweeper({ database, logger }),
    createIssuerRecordSweeper({ database, logger }),
    // Files of an upstream are not in the database: their embeddings are evicted when space runs out.
    ...(config.upstream === undefined ? [upkeep] : []),
  ]) {
    cleanup.add(() => sweeper.stop());
    sweeper.start();
  }
}
