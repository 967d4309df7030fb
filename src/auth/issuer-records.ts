import { createHash } from 'node:crypto';
import type { AdapterFactory, AdapterPayload } from 'oidc-provider';
import { defined } from '#contract/defined';
import type { Database } from '../database/open-database.ts';

/**
 * Stores the embedded issuer's state in the database: sessions, sign-ins, codes, grants. All servers on the database
 * share it, and it outlives a restart. Access tokens are signed and need no row.
 *
 * The id of a session or a code is enough to act as its user, so rows only hold its hash: reading them signs nobody in.
 * The rest is not secret, and stays readable, since a session is also found by its uid.
 *
 * @returns the adapter for the provider library (its `example/my_adapter.js` says what each operation must do)
 */
export function createIssuerRecords({ kysely }: Pick<Database, 'kysely'>): AdapterFactory {
  return (kind) => {
    const find = async (column: 'id_hash' | 'uid', value: string): Promise<AdapterPayload | undefined> => {
      const row = await kysely
        .selectFrom('issuer_records')
        .select(['payload', 'consumed'])
        .where('kind', '=', kind)
        .where(column, '=', value)
        .executeTakeFirst();
      return row && { ...(JSON.parse(row.payload) as AdapterPayload), consumed: row.consumed || undefined };
    };
    const remove = async (column: 'id_hash' | 'grant_id', value: string): Promise<void> => {
      await kysely.deleteFrom('issuer_records').where('kind', '=', kind).where(column, '=', value).execute();
    };

    return {
      async upsert(id, payload, expiresIn) {
        const { uid = null, grantId = null } = payload;
        const record = {
          payload: JSON.stringify(withoutIds(payload)),
          uid,
          grant_id: grantId,
          // Only clients would have no end, and those are in the configuration.
          expires_time: Date.now() + defined(expiresIn, 'lifetime of the record') * 1000,
        };
        await kysely
          .insertInto('issuer_records')
          .values({ kind, id_hash: hash(id), ...record })
          .onConflict((conflict) => conflict.columns(['kind', 'id_hash']).doUpdateSet(record))
          .execute();
      },
      async find(id) {
        const found = await find('id_hash', hash(id));
        return found && { ...found, jti: id };
      },
      findByUid: (uid) => find('uid', uid),
      async findByUserCode() {
        throw new Error('The issuer gives no codes to devices.');
      },
      async consume(id) {
        const { numUpdatedRows } = await kysely
          .updateTable('issuer_records')
          .set({ consumed: true })
          .where('kind', '=', kind)
          .where('id_hash', '=', hash(id))
          .where('consumed', '=', false)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows > 0n) return;
        // The provider has checked before; another server was quicker in between.
        const { errors } = await import('oidc-provider');
        throw new errors.InvalidGrant('already consumed');
      },
      destroy: (id) => remove('id_hash', hash(id)),
      revokeByGrantId: (grantId) => remove('grant_id', grantId),
    };
  };
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex');

/** `session.cookie` of a sign-in is the id of the session that it began in; it is never read. */
function withoutIds({ session, ...payload }: AdapterPayload): AdapterPayload {
  return { ...payload, jti: undefined, session: session && { ...session, cookie: undefined } };
}
