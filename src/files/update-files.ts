import type { Transaction } from 'kysely';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { FileUpdate } from '#contract/files/file-update';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { type ChangedProperties, changeFile } from './change-file.ts';
import { checkText } from './check-text.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { answerTooLarge, findFiles } from './find-files.ts';
import { lockFiles, type WriteOptions } from './lock-files.ts';
import { refuseDuplicates } from './name-references.ts';
import { toColumns } from './to-columns.ts';

const UNIQUE_VIOLATION = '23505';

interface Change {
  file: FileRecord;
  changed: ChangedProperties;
}

/**
 * Changes properties of files, all that are named or none (docs/contract.md#files-update).
 *
 * @returns the files as they are now, in the order of the updates
 * @throws KonturError `files-duplicated`, `forbidden`, `files-not-found` as `lockFiles` does; `file-exists` for an
 *   externalId that another file has; `invalid-request`, `not-supported` as `changeFile` does; `answer-too-large` if
 *   the files do not fit in one answer
 */
export async function updateFiles(
  dependencies: { database: Database; now: () => number },
  project: string,
  updates: FileUpdate[],
  { writer }: WriteOptions = {},
): Promise<FileRecord[]> {
  checkText(updates, 'items');
  const attempt = () =>
    dependencies.database.kysely
      .transaction()
      .execute((transaction) => applyUpdates(transaction, project, updates, { time: dependencies.now(), writer }));
  return attempt().catch((error) => {
    // A file created meanwhile has the externalId. It is visible now, so that the error can name it.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return attempt();
    throw error;
  });
}

async function applyUpdates(
  transaction: Transaction<Schema>,
  project: string,
  updates: FileUpdate[],
  { time, writer }: { time: number } & WriteOptions,
): Promise<FileRecord[]> {
  const ids = (await lockFiles(transaction, project, updates, { writer })).map(({ id }) => ({ id }));
  // Again, now that two names of one file can be recognised.
  refuseDuplicates(ids);
  const files = await findFiles({ database: { kysely: transaction } }, project, ids, { ignoreUnknownIds: false });
  const changes = files.map((file, index) => {
    const { update } = defined(updates[index], 'update of the file');
    const changed = changeFile(file, update, `items[${index}].update`);
    return { file, changed };
  });
  await freeExternalIds(transaction, project, changes);
  const updated: FileRecord[] = [];
  let bytes = 0;
  for (const { file, changed } of changes) {
    const row = await transaction
      .updateTable('files')
      .set({ ...toColumns(changed), last_updated_time: time })
      .where('id', '=', file.id)
      .returning(FILE_COLUMNS)
      .returning('record_bytes')
      .executeTakeFirstOrThrow();
    updated.push(toFileRecord(row));
    bytes += row.record_bytes;
    if (updated.length > 1 && bytes > MAX_ANSWER_BYTES) throw answerTooLarge(files.length);
  }
  return updated;
}

/**
 * Clears the externalIds that change, so that files can swap them.
 *
 * @throws KonturError `file-exists` if a new one is not free then
 */
async function freeExternalIds(transaction: Transaction<Schema>, project: string, changes: Change[]): Promise<void> {
  const changing = changes.filter(({ changed }) => changed.externalId !== undefined);
  if (changing.length === 0) return;
  await transaction
    .updateTable('files')
    .set({ external_id: null })
    .where(
      'id',
      'in',
      changing.map(({ file }) => file.id),
    )
    .execute();
  const wanted = changing.flatMap(({ changed }) => changed.externalId ?? []);
  if (wanted.length === 0) return;
  const taken = await transaction
    .selectFrom('files')
    .select('external_id')
    .where('project', '=', project)
    .where('external_id', 'in', wanted)
    .execute();
  const twice = wanted.filter((externalId, index) => wanted.indexOf(externalId) !== index);
  const refused = [...new Set([...taken.flatMap(({ external_id }) => external_id ?? []), ...twice])];
  if (refused.length === 0) return;
  throw new KonturError(
    'file-exists',
    `Files would have the same externalId: ${refused.join(', ')}. Choose another, or take it from the other file first.`,
    { duplicated: refused.map((externalId) => ({ externalId })) },
  );
}
