import { type Static, Type } from 'typebox';

const IdList = Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true })));

/** Body of every answer that is not a success (docs/contract.md#errors-envelope). */
export const ErrorEnvelopeSchema = Type.Object(
  {
    error: Type.Object({
      code: Type.Integer({ description: 'The HTTP status.' }),
      message: Type.String(),
      missing: IdList,
      duplicated: IdList,
    }),
  },
  { $id: 'Error' },
);
export type ErrorEnvelope = Static<typeof ErrorEnvelopeSchema>;
