import { expect, it } from 'vitest';
import { KonturError } from '#contract/errors';
import { toDatabaseError, UncertainCommit } from '../../src/database/database-error.ts';

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

it.each([
  ['a server that is not there', failure('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED')],
  [
    'several addresses without a server',
    new AggregateError([failure('refused', 'ECONNREFUSED'), failure('', 'EACCES')]),
  ],
  ['a connection that broke', failure('Connection terminated unexpectedly')],
  ['a server that shuts down', failure('terminating connection due to administrator command', '57P01')],
  ['a server that starts', failure('the database system is starting up', '57P03')],
  ['a connection failure of SQL', failure('connection does not exist', '08003')],
  ['no connection left', failure('sorry, too many clients already', '53300')],
  ['no answer', failure('Query read timeout')],
])('%s is unavailable for a while', (_, error) => {
  expect(toDatabaseError(error)).toMatchObject({
    code: 'unavailable',
    status: 503,
    details: { retryAfterSeconds: expect.any(Number), cause: error },
  });
});

it('a full disk is a full disk', () => {
  expect(toDatabaseError(failure('could not extend file', '53100'))).toMatchObject({ code: 'disk-full', status: 507 });
});

it.each([
  ['a broken rule', failure('duplicate key value', '23505')],
  ['a fault of ours', failure('syntax error at or near "selct"', '42601')],
  ['a refusal', new KonturError('job-not-found', 'There is no job 5 in this project.')],
  ['anything else', 'text'],
])('%s stays what it is', (_, error) => {
  expect(toDatabaseError(error)).toBe(error);
});

it('a commit whose answer was lost says so, and does not promise that nothing was done', () => {
  expect(new UncertainCommit(failure('read ECONNRESET', 'ECONNRESET'))).toMatchObject({
    code: 'unconfirmed',
    status: 503,
  });
});
