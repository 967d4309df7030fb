import { type Static, Type } from 'typebox';

const ids = (description: string) =>
  Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true }), { description }));

/** Body of every answer that is not a success (docs/contract.md#errors-envelope). */
export const ErrorEnvelopeSchema = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Integer({ description: 'The HTTP status.' }),
        message: Type.String({ description: 'What is wrong, where, and what to do.' }),
        missing: ids('What the request names and there is not.'),
        duplicated: ids('What the request names twice, or what there is already.'),
        current: ids('What has changed since it was read, as it is now.'),
      },
      { description: 'Why the request was refused.' },
    ),
  },
  { $id: 'Error' },
);
/** Body of every answer that is not a success: `error` with the status, a message, and what it is about. */
export type ErrorEnvelope = Static<typeof ErrorEnvelopeSchema>;
