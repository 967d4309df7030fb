import { sql } from 'kysely';
import { KonturError } from '#contract/errors';
import type { FileCreate } from '#contract/files/file';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkText } from './check-text.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { checkGeoLocation } from './geo-location/check-geometry.ts';
import { toColumns } from './to-columns.ts';

/**
 * Creates a file without content. With `overwrite`, a file of the same externalId is changed instead: it keeps its id, its
 * content (until the next upload ends) and every property that is not given; its earlier upload links become invalid.
 * Rules: docs/contract.md#files-create, docs/contract.md#files-overwrite.
 * @throws KonturError `file-exists`; `invalid-request` for metadata past its limits and for coordinates that are none.
 */
export async function createFile(
  { database, now }: { database: Database; now: () => number },
  project: string,
  input: FileCreate,
  { overwrite }: { overwrite: boolean },
): Promise<FileRecord> {
  checkText(input, 'file');
  if (input.metadata !== undefined) checkMetadata(input.metadata);
  if (input.geoLocation !== undefined) checkGeoLocation(input.geoLocation, 'geoLocation');
  const given = { ...toColumns(input), name: input.name };
  const time = now();
  const row = await database.kysely
    .insertInto('files')
    .values({
      ...given,
      id: randomId(),
      project,
      created_time: time,
      last_updated_time: time,
      upload_link_time: time,
    })
    .onConflict((conflict) => {
      const sameExternalId = conflict.columns(['project', 'external_id']).where('external_id', 'is not', null);
      if (!overwrite) return sameExternalId.doNothing();
      return sameExternalId.doUpdateSet({
        ...given,
        last_updated_time: time,
        upload_generation: sql`files.upload_generation + 1`,
        upload_link_time: time,
      });
    })
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) {
    throw new KonturError(
      'file-exists',
      `A file with externalId ${input.externalId} exists already. Post with overwrite=true to replace it.`,
      { duplicated: [{ externalId: input.externalId }] },
    );
  }
  return toFileRecord(row);
}
