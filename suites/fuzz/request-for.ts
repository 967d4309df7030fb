import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import type { HeaderLine } from '../acceptance/send-request.ts';
import { brokenValue, ODD_TEXT } from './broken-value.ts';
import type { Operation, Parameter, Schema } from './operations.ts';
import { namedValueFor, type ValueOptions, valueFor } from './value-for.ts';

/** A request as it goes out, and what is known of it. */
export interface FuzzRequest {
  /** The operation that it addresses; undefined if there is no such operation. */
  operation: Operation | undefined;
  method: string;
  /** Path and query. */
  path: string;
  headers: HeaderLine[];
  body?: Uint8Array;
  /** Whether the token is good. */
  authenticated: boolean;
  /** The value that the body holds, where it is JSON, sent as such. */
  json?: { value: unknown };
}

type Credentials = Pick<FuzzRequest, 'headers' | 'authenticated'>;
type Content = Pick<FuzzRequest, 'headers' | 'body' | 'json'>;

const JSON_TYPE: HeaderLine = ['Content-Type', 'application/json'];
const MOST_BYTES = 2000;

/**
 * Requests to an operation: many are as it describes them; each of the others is broken in one way, so that the rest of
 * it is still checked.
 */
export function requestFor(operation: Operation, token: string, options: ValueOptions): Arbitrary<FuzzRequest> {
  const { parameters, body, bytes } = operation;
  const whole = {
    path: address(operation, options),
    credentials: fc.constant(goodCredentials(token)),
    content: content(operation, options),
    headers: fc.constant<HeaderLine[]>([['cdf-version', 'beta']]),
  };
  const broken: { weight: number; parts: Partial<typeof whole> }[] = [
    { weight: 2, parts: { credentials: badCredentials(token) } },
    { weight: 2, parts: { headers: sideHeaders() } },
  ];
  if (parameters.length > 0) broken.push({ weight: 3, parts: { path: brokenAddress(operation, options) } });
  if (body !== undefined) {
    broken.push({ weight: 6, parts: { content: json(brokenValue(bodyValue(operation, body, options))) } });
    broken.push({ weight: 2, parts: { content: notJson(bodyValue(operation, body, options)) } });
  }
  if (bytes) broken.push({ weight: 2, parts: { content: fc.constant({ headers: [] }) } });
  const requests = [{ weight: 12, parts: {} }, ...broken].map(({ weight, parts }) => ({
    weight,
    arbitrary: fc.record({ ...whole, ...parts }),
  }));
  return fc.oneof(...requests).map(({ path, credentials, content: { headers, body: sent, json: value }, ...more }) => ({
    operation,
    method: operation.method,
    path,
    headers: [...credentials.headers, ...headers, ...more.headers],
    body: sent,
    json: value,
    authenticated: credentials.authenticated,
  }));
}

/** Requests to paths and with methods that no operation has. */
export function strayRequest(operations: Operation[], token: string): Arbitrary<FuzzRequest> {
  const paths = fc.oneof(
    fc.constantFrom(...operations.map(({ path }) => path.replaceAll(/\{\w+\}/g, '1'))),
    fc.array(pathSegment(fc.string({ unit: 'binary' })), { maxLength: 4 }).map((steps) => `/api/v1/${steps.join('/')}`),
    fc.array(pathSegment(fc.constantFrom(...ODD_TEXT)), { maxLength: 3 }).map((steps) => `/${steps.join('/')}`),
    fc.constantFrom('/%zz', '/%', '/api/v1/projects/%ff/files/list', '/api/v1//files', `/${'a'.repeat(5000)}`),
  );
  const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
  return fc
    .record({
      method: methods,
      path: paths,
      credentials: fc.oneof(fc.constant(goodCredentials(token)), badCredentials(token)),
      headers: sideHeaders(),
    })
    .map(({ method, path, credentials: { headers, authenticated }, ...more }) => ({
      operation: undefined,
      method,
      path,
      headers: [...headers, ...more.headers],
      authenticated,
    }));
}

function address(operation: Operation, options: ValueOptions): Arbitrary<string> {
  return fc
    .tuple(...operation.parameters.map((parameter) => parameterText(parameter, options)))
    .map((values) => fill(operation, values));
}

/** The address with one odd parameter. */
function brokenAddress(operation: Operation, options: ValueOptions): Arbitrary<string> {
  const odd = fc.oneof(
    fc.constantFrom('', '0', '-1', '1e3', '9007199254740993', 'true', 'NaN', ...ODD_TEXT),
    fc.string({ unit: 'binary' }),
  );
  const values = operation.parameters.map((parameter) => parameterText(parameter, options));
  return fc.tuple(fc.tuple(...values), fc.nat(), odd).map(([fitting, at, text]) => {
    const index = at % operation.parameters.length;
    const inPath = operation.parameters[index]!.in === 'path';
    return fill(operation, fitting.with(index, inPath && CHANGES_PATH.test(text) ? 'odd' : encode(text)));
  });
}

/** `values` are percent-encoded and stand for the parameters in their order; undefined leaves one out. */
function fill({ path, parameters }: Operation, values: (string | undefined)[]): string {
  const textOf = (name: string) => values[parameters.findIndex((parameter) => parameter.name === name)];
  const steps = path.replaceAll(/\{(\w+)\}/g, (_, name) => textOf(name) ?? '');
  const query = parameters.filter(({ name, in: place }) => place === 'query' && textOf(name) !== undefined);
  return `${steps}${query.length > 0 ? '?' : ''}${query.map(({ name }) => `${name}=${textOf(name)}`).join('&')}`;
}

/** Percent-encoded; undefined where the parameter is left out. */
function parameterText({ name, in: place, required, schema }: Parameter, options: ValueOptions) {
  const value = namedValueFor(name, schema, options);
  if (place === 'path') return pathSegment(value);
  const encoded = value.map((one) =>
    one === undefined ? undefined : encode(typeof one === 'object' ? JSON.stringify(one) : String(one)),
  );
  return required ? encoded : fc.option(encoded, { nil: undefined, freq: 1 });
}

/** Empty segments and dots alone change which operation is asked for. */
const CHANGES_PATH = /^\.{0,2}$/;
const pathSegment = (value: Arbitrary<unknown>) =>
  value
    .map(String)
    .filter((text) => !CHANGES_PATH.test(text))
    .map(encode);

/** Halves of surrogate pairs, which no address can hold, become U+FFFD. */
const encode = (text: string) => encodeURIComponent(Buffer.from(text).toString());

const authorization = (value: string): HeaderLine[] => [['Authorization', value]];

const goodCredentials = (token: string): Credentials => ({
  headers: authorization(`Bearer ${token}`),
  authenticated: true,
});

function badCredentials(token: string): Arbitrary<Credentials> {
  const half = token.slice(0, token.length / 2);
  const headers = fc.constantFrom(
    [],
    ...[
      'Bearer ',
      'Bearer bad',
      token,
      'Basic YTpi',
      `Bearer ${token} ${token}`,
      `Bearer ${half}`,
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
    ].map(authorization),
  );
  return headers.map((lines) => ({ headers: lines, authenticated: false }));
}

/** Headers that the server has to live with. */
function sideHeaders(): Arbitrary<HeaderLine[]> {
  const version = fc.constantFrom<HeaderLine[]>(
    [],
    [['cdf-version', 'V20210406']],
    [['cdf-version', ',,,beta;;']],
    [['cdf-version', '']],
    [
      ['cdf-version', 'V20210406'],
      ['Cdf-Version', 'beta'],
    ],
  );
  const others = fc.subarray<HeaderLine>([
    ['Accept', 'text/html'],
    ['Accept-Encoding', 'gzip'],
    ['Origin', 'https://elsewhere.example'],
    ['x-request-id', 'mine'],
    ['If-None-Match', '*'],
    ['Range', 'bytes=0-0'],
    ['X-Forwarded-Host', 'elsewhere.example'],
  ]);
  const beta = fc.constant<HeaderLine[]>([['cdf-version', 'beta']]);
  return fc
    .tuple(fc.oneof({ weight: 5, arbitrary: beta }, version), others)
    .map(([first, rest]) => [...first, ...rest]);
}

function content(operation: Operation, options: ValueOptions): Arbitrary<Content> {
  const { body, bytes } = operation;
  if (bytes) return fc.uint8Array({ maxLength: MOST_BYTES }).map((sent) => ({ headers: [], body: sent }));
  if (body === undefined) return fc.constant({ headers: [] });
  return json(bodyValue(operation, body, options));
}

/** A body: one that is known to be good, or any that the schema allows. */
function bodyValue({ name }: Operation, body: Schema, options: ValueOptions): Arbitrary<unknown> {
  const any = valueFor(body, options);
  const { [name]: examples = [] } = options.known;
  return examples.length === 0 ? any : fc.oneof(fc.constantFrom(...examples), any);
}

function json(value: Arbitrary<unknown>): Arbitrary<Content> {
  return fc.tuple(value, fc.boolean()).map(([sent, compressed]): Content => {
    const text = Buffer.from(JSON.stringify(sent));
    if (!compressed) return { headers: [JSON_TYPE], body: text, json: { value: sent } };
    return { headers: [JSON_TYPE, ['Content-Encoding', 'gzip']], body: gzipSync(text), json: { value: sent } };
  });
}

/** Bodies that are no JSON, or are not sent as such. */
function notJson(value: Arbitrary<unknown>): Arbitrary<Content> {
  const text = value.map((one) => Buffer.from(JSON.stringify(one)));
  const cut = fc.tuple(text, fc.nat()).map(([whole, at]) => whole.subarray(0, at % (whole.length + 1)));
  const types = fc.constantFrom(
    'text/plain',
    'application/xml',
    'multipart/form-data',
    'application/json;charset=',
    'x',
  );
  return fc.oneof<Arbitrary<Content>[]>(
    cut.map((body) => ({ headers: [JSON_TYPE], body })),
    cut.map((body) => ({ headers: [JSON_TYPE, ['Content-Encoding', 'gzip']], body })),
    cut.map((body) => ({ headers: [JSON_TYPE, ['Content-Encoding', 'gzip']], body: gzipSync(body) })),
    text.map((body) => ({ headers: [JSON_TYPE, ['Content-Encoding', 'br']], body })),
    fc.tuple(text, types).map(([body, type]) => ({ headers: [['Content-Type', type]], body })),
    text.map((body) => ({ headers: [], body })),
    fc.uint8Array({ maxLength: MOST_BYTES }).map((body) => ({ headers: [JSON_TYPE], body })),
    fc.constant({ headers: [JSON_TYPE] }),
  );
}
