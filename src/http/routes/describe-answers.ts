import { type TSchema, Type } from 'typebox';

const REFUSALS = {
  400: 'The request breaks a rule, or names files that do not exist; the message says which.',
  401: 'No bearer token, or one that is not accepted for this project.',
  403: 'The token lacks the capability, or the link is wrong or has expired.',
  404: 'No such job in this project.',
  409: 'The request names a file twice, or one that exists already.',
  413: 'The body is over a limit of the operation: in bytes, as sent or inflated, or in values.',
  415: 'The body is not JSON.',
  416: 'The content ends before the range that was asked for.',
  501: 'In gateway mode: the upstream keeps this, and its API has no such operation.',
  507: 'There is no room left on the server; nothing was stored.',
  429: 'Too many jobs wait in this project. Retry after the given time.',
} as const;

/** Describes a JSON answer in the description of the API. */
export const answer = (description: string, schema: TSchema) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Describes the refusals of an operation with these statuses, and 5xx: all with the error envelope. */
export function refusals(...statuses: (keyof typeof REFUSALS)[]) {
  const error = Type.Ref('Error');
  // What takes a body may write it.
  const writes = statuses.includes(413) && !statuses.includes(507);
  return {
    ...Object.fromEntries(statuses.map((status) => [status, answer(REFUSALS[status], error)])),
    ...(writes && { 507: answer(REFUSALS[507], error) }),
    500: answer('A fault of the server; the request id finds it in the log.', error),
    503: answer('A part of the server is away for the moment. Nothing was done; retry after the given time.', error),
  };
}
