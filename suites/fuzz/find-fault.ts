import { gunzipSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type ApiDescription, createAnswerCheck } from '../acceptance/answer-schemas.ts';
import type { RawAnswer } from '../acceptance/send-request.ts';
import type { Operation } from './operations.ts';
import type { FuzzRequest } from './request-for.ts';

/** Finds a fault in an answer to a request, and describes it; undefined if there is none. */
export type FindFault = (request: FuzzRequest, answer: RawAnswer) => string | undefined;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** @param description of the server: what its requests and answers have to be like */
export function createFaultFinder(description: ApiDescription): FindFault {
  const check = createAnswerCheck(description, { exact: true });
  const accepts = createBodyCheck(description);
  return (request, answer) => {
    const { operation } = request;
    const { status, headers } = answer;
    const content = decode(request, answer);
    if (typeof content === 'string') return content;
    const text = content.toString();
    if (status >= 500) return `is answered ${status}: ${text.slice(0, 300)}`;
    if (!UUID.test(String(headers['x-request-id']))) return `is answered ${status} without a request id`;
    if (operation?.secured && !request.authenticated && status !== 401) {
      return `is answered ${status} instead of 401 without a good token`;
    }
    if (operation && status < 300 && request.json && !accepts(operation, request.json.value)) {
      return `is answered ${status}, but the body breaks the schema of the operation`;
    }
    if (request.method === 'HEAD' || status === 204 || status === 304) return undefined;
    // Answers of methods that no operation has are refusals, whatever path they are to.
    if (operation === undefined && status < 400) return undefined;
    return check(request.method, request.path, { status, contentType: headers['content-type'] ?? '', text });
  };
}

/** The body of an answer without its compression, or what is wrong with that. */
function decode({ headers: asked, method }: FuzzRequest, { headers, body, status }: RawAnswer): Buffer | string {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || method === 'HEAD' || status === 304) return body;
  const isAsked = asked.some(([name, value]) => name.toLowerCase() === 'accept-encoding' && value === encoding);
  if (!isAsked || encoding !== 'gzip')
    return `is answered ${status} in the encoding ${encoding}, which was not asked for`;
  try {
    return gunzipSync(body);
  } catch (error) {
    return `is answered ${status} with what is no gzip: ${(error as Error).message}`;
  }
}

/** Whether a body is one that the schema of the operation allows. Null stands for absent where it is no value. */
function createBodyCheck(description: ApiDescription) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...description });
  const compiled = new Map<string, ValidateFunction>();
  return ({ name, path, method, body }: Operation, value: unknown): boolean => {
    if (body === undefined) return true;
    const steps = ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'];
    const pointer = steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
    const validate = compiled.get(name) ?? ajv.compile({ $ref: `api#${pointer.join('')}` });
    compiled.set(name, validate);
    return validate(value) || validate(withoutNulls(value));
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
