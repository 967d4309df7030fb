import type { Kysely } from 'kysely';
import type { Blobs } from '../blobs/blobs.ts';
import type { Schema } from '../database/schema.ts';

const BATCH = 500;

/**
 * Deletes blobs that were stored before `time` and that neither a file nor a part refers to: leftovers of a process
 * killed between the store and the database. A row refers to its blob as soon as that is stored, or never, so `time`
 * only has to allow for that moment.
 *
 * @returns the number of deleted blobs
 */
export async function removeOrphans(
  { kysely, blobs }: { kysely: Kysely<Schema>; blobs: Pick<Blobs, 'list' | 'remove'> },
  time: number,
): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const removeUnreferenced = async () => {
    const referenced = await findReferenced(kysely, batch);
    const orphans = batch.filter((key) => !referenced.has(key));
    await Promise.all(orphans.map((key) => blobs.remove(key)));
    removed += orphans.length;
    batch = [];
  };
  for await (const { key, storedTime } of blobs.list()) {
    if (storedTime < time) batch.push(key);
    if (batch.length === BATCH) await removeUnreferenced();
  }
  if (batch.length > 0) await removeUnreferenced();
  return removed;
}

/** One statement, since a part may become the content of its file at any moment. */
async function findReferenced(kysely: Kysely<Schema>, keys: string[]): Promise<Set<string>> {
  const rows = await kysely
    .selectFrom('files')
    .select('blob_key as key')
    .where('blob_key', 'in', keys)
    .union(kysely.selectFrom('multipart_upload_parts').select('blob_key as key').where('blob_key', 'in', keys))
    .execute();
  return new Set(rows.flatMap(({ key }) => key ?? []));
}
