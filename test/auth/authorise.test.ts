import { expect, test } from 'vitest';
import { authorise } from '../../src/auth/authorise.ts';
import type { Action, Principal } from '../../src/auth/principal.ts';

const principal = (...actions: Action[][]): Principal => ({
  subject: 'someone',
  project: 'demo',
  capabilities: actions.map((granted) => ({ acl: 'filesAcl', actions: granted })),
});
const refusal = expect.objectContaining({
  code: 'forbidden',
  status: 403,
  message: 'Resource not found. This may also be due to insufficient access rights.',
});

test('lets pass who has the capability, in any of several', () => {
  authorise(principal(['READ']), { acl: 'filesAcl', action: 'READ' });
  authorise(principal(['READ'], ['WRITE']), { acl: 'filesAcl', action: 'WRITE' });
});

test('refuses everyone else, in the words of the hosted API', () => {
  for (const who of [principal(), principal([]), principal(['READ'])]) {
    expect(() => authorise(who, { acl: 'filesAcl', action: 'WRITE' })).toThrow(refusal);
  }
});
