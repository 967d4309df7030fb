import type { ErrorObject } from 'ajv';
import { defined } from '#contract/defined';

/** Longest value that is quoted back. */
const MAX_QUOTED = 60;
/** Keywords whose violation is easier to understand with the description of the value. */
const ABOUT_THE_VALUE = new Set(['type', 'minimum', 'maximum', 'pattern', 'enum']);

/**
 * One sentence about what breaks a schema: where, the rule, what was found, and what the value means.
 *
 * @param errors of one Ajv run with `verbose`; the last of them is about the outermost schema
 * @param part what was validated, as Fastify names it: body, querystring, params
 */
export function describeValidationError(errors: readonly ErrorObject[], part: string): string {
  const error = defined(errors.at(-1), 'error of the validation');
  const place = placeOf(error.instancePath, part);
  const rule = ruleOf(error, place);
  const description = (error.parentSchema as { description?: string } | undefined)?.description;
  const explained = description !== undefined && ABOUT_THE_VALUE.has(error.keyword);
  return explained ? `${rule} (${inParentheses(description)}).` : `${rule}.`;
}

/** In schemas of requests `oneOf` and `anyOf` only ever say which keys are required. */
function ruleOf(error: ErrorObject, place: string): string {
  const { keyword, params, data, parentSchema } = error;
  const must = `${place} must`;
  const got = `got ${show(data)}`;
  switch (keyword) {
    case 'type':
      return data === null && error.instancePath === ''
        ? `${place} is missing`
        : `${must} be ${typeName(params.type)}, ${got}`;
    case 'required':
      return `${must} have ${params.missingProperty}`;
    case 'minimum':
      return `${must} be at least ${params.limit}, ${got}`;
    case 'maximum':
      return `${must} be at most ${params.limit}, ${got}`;
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return `${must} have at least ${count(params.limit, keyword)}, got ${size(data)}`;
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return `${must} have at most ${count(params.limit, keyword)}, got ${size(data)}`;
    case 'pattern':
      return `${must} match ${params.pattern}, ${got}`;
    case 'enum':
      return `${must} be ${(params.allowedValues as unknown[]).map(show).join(' or ')}, ${got}`;
    case 'oneOf':
    case 'anyOf': {
      const alternatives: { required?: string[]; type?: string }[] = parentSchema?.[keyword] ?? [];
      const types = [...new Set(alternatives.flatMap(({ type = [] }) => type))];
      if (types.length > 1) return `${must} be ${typeName(types)}, ${got}`;
      if (typeof data !== 'object' || data === null || Array.isArray(data)) return `${must} be an object, ${got}`;
      const keys = alternatives.flatMap(({ required = [] }) => required);
      const found = keys.filter((key) => Object.hasOwn(data, key));
      const amount = keyword === 'oneOf' ? 'exactly one' : 'at least one';
      return `${must} have ${amount} of ${keys.join(', ')}, got ${found.join(' and ') || 'none'}`;
    }
    default:
      return `${place} ${error.message}`;
  }
}

/** Turns `/points/0/x` of a body into `points[0].x`. */
function placeOf(instancePath: string, part: string): string {
  if (instancePath === '') return { body: 'The body', querystring: 'The query', params: 'The path' }[part] ?? part;
  return instancePath
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}

const TYPE_NAMES: Record<string, string> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
};
const typeName = (type: string | string[]) =>
  [type]
    .flat()
    .map((name) => TYPE_NAMES[name] ?? name)
    .join(' or ');

function count(limit: number, keyword: string): string {
  const unit = keyword.endsWith('Items') ? 'item' : keyword.endsWith('Length') ? 'character' : 'key';
  return `${limit} ${unit}${limit === 1 ? '' : 's'}`;
}

function size(data: unknown): number {
  if (typeof data === 'string') return countCharacters(data);
  return Array.isArray(data) ? data.length : Object.keys(data as object).length;
}

/** Half of a surrogate pair counts as a character. */
function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}

/** Quotes a value. Long values are never written out in full first: it may be the whole body. */
function show(data: unknown): string {
  const isLong = (typeof data === 'string' || Array.isArray(data)) && data.length > MAX_QUOTED;
  const text = isLong ? undefined : (JSON.stringify(data) ?? String(data));
  if (text !== undefined && text.length <= MAX_QUOTED) return text;
  if (typeof data === 'string') return `a string of ${size(data)} characters`;
  return Array.isArray(data) ? `an array of ${size(data)} items` : 'an object';
}

/** "Left edge." becomes "left edge"; abbreviations and names at the start stay as they are. */
function inParentheses(description: string): string {
  const text = description.replace(/\.$/, '');
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
