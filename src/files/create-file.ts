import { sql, type Transaction } from 'kysely';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { FileCreate } from '#contract/files/file';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import type { Schema } from '../database/schema.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkText } from './check-text.ts';
import {
  ENTRY_COLUMNS,
  FILE_COLUMNS,
  type FileEntry,
  type FileRecord,
  toFileEntry,
  toFileRecord,
} from './file-record.ts';
import { checkGeoLocation } from './geo-location/check-geometry.ts';
import type { FileWriter, WriteOptions } from './lock-files.ts';
import { toColumns } from './to-columns.ts';

/**
 * Creates a file without content. With `overwrite`, a file with the same externalId is changed instead: it keeps its
 * id, its content (until the next upload ends) and every property that is not given; its earlier upload links become
 * invalid.
 *
 * The writer needs the right to write files of the given data set, or of none; and, to overwrite a file, the right to
 * write it as it is at that moment. Rules: docs/contract.md#files-create, docs/contract.md#files-overwrite.
 *
 * @throws KonturError `forbidden`; `file-exists`; `invalid-request` for metadata past its limits and for invalid
 *   coordinates
 */
export async function createFile(
  { database, now }: { database: Database; now: () => number },
  project: string,
  input: FileCreate,
  { overwrite, writer }: { overwrite: boolean } & WriteOptions,
): Promise<FileRecord> {
  const { externalId, dataSetId } = input;
  const mayBeThere = overwrite && externalId !== undefined;
  if (!mayBeThere || dataSetId !== undefined) writer?.authoriseCreation(dataSetId);
  checkText(input, 'file');
  if (input.metadata !== undefined) checkMetadata(input.metadata);
  if (input.geoLocation !== undefined) checkGeoLocation(input.geoLocation, 'geoLocation');
  const write = { project, input, time: now() };
  if (mayBeThere) return overwriteFile(database, { ...write, externalId }, writer);
  const created = await insertFile(database.kysely, write);
  if (created !== undefined) return created;
  throw new KonturError(
    'file-exists',
    `A file with externalId ${externalId} exists already. Post with overwrite=true to replace it.`,
    { duplicated: [{ externalId: defined(externalId, 'externalId of the file') }] },
  );
}

interface Write {
  project: string;
  input: FileCreate;
  time: number;
}

/**
 * Changes the file with that externalId, or creates it, whichever applies when the transaction runs, if the writer may.
 */
function overwriteFile(
  database: Database,
  { externalId, ...write }: Write & { externalId: string },
  writer: FileWriter | undefined,
): Promise<FileRecord> {
  return database.kysely.transaction().execute(async (transaction) => {
    for (;;) {
      const existing = await lockExternalId(transaction, write.project, externalId);
      if (existing !== undefined) {
        writer?.authoriseWrite(existing);
        return changeGiven(transaction, existing.id, write);
      }
      writer?.authoriseCreation(write.input.dataSetId);
      const created = await insertFile(transaction, write);
      if (created !== undefined) return created;
      // Another request has created it between the two statements: now it can be locked.
    }
  });
}

async function lockExternalId(
  transaction: Transaction<Schema>,
  project: string,
  externalId: string,
): Promise<FileEntry | undefined> {
  const row = await transaction
    .selectFrom('files')
    .select(ENTRY_COLUMNS)
    .where('project', '=', project)
    .where('external_id', '=', externalId)
    .forUpdate()
    .executeTakeFirst();
  return row && toFileEntry(row);
}

async function changeGiven(transaction: Transaction<Schema>, id: number, { input, time }: Write): Promise<FileRecord> {
  const row = await transaction
    .updateTable('files')
    .set({
      ...givenColumns(input),
      last_updated_time: time,
      upload_generation: sql`upload_generation + 1`,
      upload_link_time: time,
    })
    .where('id', '=', id)
    .returning(FILE_COLUMNS)
    .executeTakeFirstOrThrow();
  return toFileRecord(row);
}

/** Inserts a file; returns undefined if one with the same externalId exists. */
async function insertFile(
  kysely: Pick<Database['kysely'], 'insertInto'>,
  { project, input, time }: Write,
): Promise<FileRecord | undefined> {
  const row = await kysely
    .insertInto('files')
    .values({
      ...givenColumns(input),
      id: randomId(),
      project,
      created_time: time,
      last_updated_time: time,
      upload_link_time: time,
    })
    .onConflict((conflict) =>
      conflict.columns(['project', 'external_id']).where('external_id', 'is not', null).doNothing(),
    )
    .returning(FILE_COLUMNS)
    .executeTakeFirst();
  return row && toFileRecord(row);
}

const givenColumns = (input: FileCreate) => ({ ...toColumns(input), name: input.name });
