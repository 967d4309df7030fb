import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface JsonContent {
  'application/json'?: { schema: object };
  [mediaType: string]: object | undefined;
}
interface Response {
  $ref?: string;
  content?: JsonContent;
}
interface Operation {
  operationId?: string;
  security?: object[];
  parameters?: object[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, Response>;
}
/** An OpenAPI 3.1 document, as far as answers are held against it. */
export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses?: Record<string, Response> };
}

/** The parts of an answer that are compared with the description of the API. */
export interface DescribedAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** Why an answer is none that the description allows; undefined if it is. */
export type AnswerCheck = (method: string, path: string, answer: DescribedAnswer) => string | undefined;

/** Statuses that any path may be answered with, whatever operation is there. */
const ANYWHERE = [404, 405, 421];

interface AnswerCheckOptions {
  /** Stands before every path of the description. */
  base?: string;
  /** Also refuses properties that the description does not name, where it does not say that there may be any. */
  exact?: boolean;
  /** Statuses that every operation may be answered with, described or not. */
  anywhere?: number[];
}

/** Holds answers against an API's description. Refusals have to be in the error envelope, described or not. */
export function createAnswerCheck(
  description: ApiDescription,
  { base = '', exact = false, anywhere = ANYWHERE }: AnswerCheckOptions = {},
): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...(exact ? withoutUnnamedProperties(description) : description) });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (pointer: string) => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };

  return (method, path, { status, contentType, text }) => {
    const template = findTemplate(Object.keys(description.paths), base, path);
    const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
    const pointer = operation && answerPointer(description, [template!, method.toLowerCase()], operation, status);
    if (pointer === undefined) {
      if (operation !== undefined && !anywhere.includes(status)) return `is answered ${status}, which is not described`;
      if (operation === undefined && status < 400) return `is answered ${status}, but there is no such operation`;
    } else if (pointer === 'no JSON') return undefined;
    const others = operation && responseOf(description, operation, status)?.content;
    if (others && !contentType.startsWith('application/json') && mediaType(contentType) in others) return undefined;
    if (!/^application\/json\b/.test(contentType)) return `is answered ${status} with ${contentType || 'no type'}`;
    return mismatch(validator(pointer ?? '/components/schemas/Error'), status, text);
  };
}

function mismatch(validate: ValidateFunction, status: number, text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `is answered ${status} with what is no JSON: ${text.slice(0, 200)}`;
  }
  if (validate(value)) {
    const { error } = value as { error?: { code: number } };
    if (status < 400 || error?.code === status) return undefined;
    return `is answered ${status} with an envelope of code ${error?.code}`;
  }
  const [first] = validate.errors ?? [];
  const where = first?.instancePath || 'the body';
  const more = JSON.stringify(first?.params);
  return `is answered ${status} outside its schema: ${where} ${first?.message} ${more} in ${text.slice(0, 500)}`;
}

/** Pointer to the schema of an answer; undefined where the operation has no such answer. */
function answerPointer(
  { components }: ApiDescription,
  steps: string[],
  { responses }: Operation,
  status: number,
): string | undefined {
  const key = keyOf(responses, status);
  if (key === undefined) return undefined;
  const reference = responses[key]!.$ref;
  const response = responseOf({ components }, { responses }, status);
  if (response?.content?.['application/json'] === undefined) return 'no JSON';
  const path = reference === undefined ? ['paths', ...steps, 'responses', key] : reference.split('/').slice(1);
  return [...path, 'content', 'application/json', 'schema'].map((step) => `/${escapeStep(step)}`).join('');
}

/** Key of the response that describes a status. */
const keyOf = (responses: Operation['responses'], status: number): string | undefined =>
  [String(status), `${String(status)[0]}XX`, 'default'].find((name) => responses[name]);

function responseOf(
  { components }: Pick<ApiDescription, 'components'>,
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): Response | undefined {
  const key = keyOf(responses, status);
  const response = key === undefined ? undefined : responses[key];
  return response?.$ref === undefined ? response : components.responses?.[response.$ref.split('/').at(-1)!];
}

const mediaType = (contentType: string) => contentType.split(';')[0]!.trim();

const escapeStep = (step: string) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Paths without parameters go first, as they do in a router. */
function findTemplate(templates: string[], base: string, path: string): string | undefined {
  const plain = path.split('?')[0]!.replace(/(.)\/$/, '$1');
  const matching = templates.filter((name) => {
    const pattern = `${base}${name}`.replaceAll(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(plain);
  });
  return matching.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** A copy in which every object schema that names properties, and says nothing of others, has no others. */
function withoutUnnamedProperties<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutUnnamedProperties) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutUnnamedProperties(item)]));
  const closes = copy.type === 'object' && copy.properties !== undefined && copy.additionalProperties === undefined;
  return (closes ? { ...copy, additionalProperties: false } : copy) as T;
}
