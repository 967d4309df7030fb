import { type Static, Type } from 'typebox';
import { MAX_ID } from '../limits.ts';

/** Numeric id of a data set. */
export const DataSetIdSchema = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id of a data set.' });
/** Id that a client chose for a data set. */
export const DataSetExternalIdSchema = Type.String({ maxLength: 255, description: 'Id that a client chose.' });

/** Names one data set in a request: by exactly one of its two ids. */
export const DataSetReferenceSchema = Type.Object(
  { id: Type.Optional(DataSetIdSchema), externalId: Type.Optional(DataSetExternalIdSchema) },
  { $id: 'DataSetReference', oneOf: [{ required: ['id'] }, { required: ['externalId'] }] },
);
/** A data set as a request names it: by exactly one of its two ids. */
export type DataSetReference = Static<typeof DataSetReferenceSchema>;
