import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ApiDescription } from '../acceptance/answer-schemas.ts';
import { createFaultFinder } from './find-fault.ts';
import { listOperations } from './operations.ts';
import type { FuzzRequest } from './request-for.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const number = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
const envelope = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'object', required: ['code', 'message'], properties: { code: {}, message: { type: 'string' } } },
  },
};
const description: ApiDescription = {
  paths: {
    '/double': {
      post: {
        requestBody: json(number),
        responses: { 200: json(number), 400: json({ $ref: '#/components/schemas/Error' }) },
      },
    },
  },
  components: { schemas: { Error: envelope } },
};
const [operation] = listOperations(description);
const findFault = createFaultFinder(description);

const fault = (
  status: number,
  answered: unknown,
  {
    sent = { n: 1 },
    authenticated = true,
    headers = {},
    asked = [],
    body = Buffer.from(JSON.stringify(answered)),
  }: { sent?: unknown; authenticated?: boolean; headers?: object; asked?: [string, string][]; body?: Buffer } = {},
) => {
  const request: FuzzRequest = {
    operation,
    method: 'POST',
    path: '/double',
    headers: asked,
    json: { value: sent },
    authenticated,
  };
  const requestId = '00000000-0000-4000-8000-000000000000';
  const all = { 'content-type': 'application/json', 'x-request-id': requestId, ...headers };
  return findFault(request, { status, headers: all, body });
};
const refusal = (code: number) => ({ error: { code, message: 'No.' } });

it('answers that the description allows are no finding', () => {
  expect(fault(200, { n: 2 })).toBeUndefined();
  expect(fault(400, refusal(400), { sent: { n: 'one' } })).toBeUndefined();
  expect(fault(401, refusal(401), { authenticated: false })).toBe('is answered 401, which is not described');
  expect(fault(405, refusal(405))).toBeUndefined();
});

const COMPRESSED = { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"n":2}') };
const ASKS = { asked: [['accept-encoding', 'gzip']] as [string, string][] };

it('a compressed answer is read where it was asked for', () => {
  expect(fault(200, undefined, { ...COMPRESSED, ...ASKS })).toBeUndefined();
  const wrong = gzipSync('{"n":"two"}');
  expect(fault(200, undefined, { ...COMPRESSED, ...ASKS, body: wrong })).toMatch(/outside its schema/);
});

it.each([
  ['a fault of the server', fault(500, refusal(500)), /^is answered 500/],
  ['an answer outside its schema', fault(200, { n: 'two' }), /outside its schema: \/n must be integer/],
  ['a property that is not described', fault(200, { n: 2, secret: 1 }), /must NOT have additional properties/],
  ['a refusal without the envelope', fault(400, { message: 'No.' }), /must have required property 'error'/],
  ['an envelope of another status', fault(400, refusal(404)), /envelope of code 404/],
  ['a status that is not described', fault(202, { n: 2 }), /which is not described/],
  ['no JSON', fault(200, { n: 2 }, { headers: { 'content-type': 'text/html' } }), /with text\/html/],
  [
    'compression that was not asked for',
    fault(200, undefined, COMPRESSED),
    /in the encoding gzip, which was not asked/,
  ],
  ['a wrong encoding', fault(200, { n: 2 }, { ...ASKS, headers: COMPRESSED.headers }), /with what is no gzip/],
  ['no request id', fault(200, { n: 2 }, { headers: { 'x-request-id': 'mine' } }), /without a request id/],
  ['success without a token', fault(200, { n: 2 }, { authenticated: false }), /instead of 401/],
  ['success for a body that breaks the schema', fault(200, { n: 2 }, { sent: { n: 0.5 } }), /breaks the schema/],
])('%s is a finding', (_, found, text) => {
  expect(found).toMatch(text);
});
