import { KonturError } from '../errors.ts';

/** Finds what a schema cannot: says what is wrong with an object, to be read after its place; undefined if nothing. */
export type FitRule = (value: Record<string, unknown>) => string | undefined;

/** What `fitSchema` knows besides the schema: schemas by the name that others refer to them by, and rules of some. */
export interface FitContext {
  parts: ReadonlyMap<string, object>;
  rules: ReadonlyMap<object, FitRule>;
}

/** The keywords of JSON Schema that are understood; a schema with others is a fault of the program. */
interface Keywords {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  properties?: Record<string, Keywords>;
  required?: string[];
  additionalProperties?: false | Keywords;
  oneOf?: { required: string[] }[];
  anyOf?: Keywords[];
  items?: Keywords;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

const MAX_QUOTED = 60;

/**
 * Checks a value against a schema and copies it. Keys of the schema's objects may be written in snake_case, names in
 * maps are kept, and nulls count as absent. Its cost grows with the size of the value alone.
 *
 * @param place path of the value in the request, for messages
 * @throws KonturError `invalid-request` for the first value that does not fit
 */
export function fitSchema(
  value: Record<string, unknown>,
  schema: object,
  place: string,
  context: FitContext,
): Record<string, unknown> {
  return fitValue(value, schema as Keywords, place, context) as Record<string, unknown>;
}

function fitValue(value: unknown, schema: Keywords, place: string, context: FitContext): unknown {
  if (schema.$ref !== undefined) return fitValue(value, partOf(schema.$ref, context), place, context);
  switch (schema.type) {
    case 'object':
      return fitObject(value, schema, place, context);
    case 'array':
      return fitArray(value, schema, place, context);
    case 'string':
      return fitString(value, schema, place);
    case 'number':
    case 'integer':
      return fitNumber(value, schema, place);
    case undefined:
      return schema.enum === undefined
        ? fitChoice(value, schema.anyOf ?? [], place)
        : fitEnum(value, schema.enum, place);
    default:
      throw new Error(`The schema of ${place} has a type that is not understood: ${schema.type}.`);
  }
}

function fitObject(value: unknown, schema: Keywords, place: string, context: FitContext): unknown {
  if (!isObject(value)) throw refuse(place, `must be an object, got ${show(value)}`);
  const { properties, required = [], additionalProperties } = schema;
  const fitted: Record<string, unknown> = {};
  for (const key in value) {
    const item = value[key];
    if (item === null || item === undefined) continue;
    if (properties === undefined) {
      fitted[key] = fitValue(item, additionalProperties as Keywords, `${place}.${key}`, context);
      continue;
    }
    const name = Object.hasOwn(properties, key) ? key : toCamelCase(key);
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known === undefined) {
      throw refuse(place, `has no key ${show(key)}; it may have ${Object.keys(properties).join(', ')}`);
    }
    if (Object.hasOwn(fitted, name)) throw refuse(place, `has ${name} twice, in two spellings`);
    fitted[name] = fitValue(item, known, `${place}.${name}`, context);
  }
  const missing = required.find((key) => !Object.hasOwn(fitted, key));
  if (missing !== undefined) throw refuse(place, `must have ${missing}`);
  checkOneOf(fitted, schema, place);
  const wrong = context.rules.get(schema)?.(fitted);
  if (wrong !== undefined) throw refuse(place, wrong);
  return fitted;
}

function checkOneOf(value: Record<string, unknown>, { oneOf }: Keywords, place: string): void {
  if (oneOf === undefined) return;
  const keys = oneOf.flatMap(({ required }) => required);
  const found = keys.filter((key) => Object.hasOwn(value, key));
  if (found.length === 1) return;
  throw refuse(place, `must have exactly one of ${keys.join(', ')}, got ${found.join(' and ') || 'none'}`);
}

function fitArray(value: unknown, schema: Keywords, place: string, context: FitContext): unknown {
  if (!Array.isArray(value)) throw refuse(place, `must be an array, got ${show(value)}`);
  const { minItems = 0, maxItems = Infinity, items = {} } = schema;
  if (value.length < minItems) throw refuse(place, `must have at least ${minItems} items, got ${value.length}`);
  if (value.length > maxItems) throw refuse(place, `must have at most ${maxItems} items, got ${value.length}`);
  return value.map((item, index) => fitValue(item, items, `${place}[${index}]`, context));
}

function fitString(value: unknown, schema: Keywords, place: string): string {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  if (typeof value !== 'string') throw refuse(place, `must be a string, got ${show(value)}`);
  // A character is one or two units, so that only lengths in between have to be counted.
  const length = value.length > 2 * maxLength ? value.length : [...value].length;
  if (length < minLength) throw refuse(place, `must have at least ${charactersOf(minLength)}, got ${length}`);
  if (length > maxLength) throw refuse(place, `must have at most ${charactersOf(maxLength)}, got ${length}`);
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    throw refuse(place, `must match ${pattern}, got ${show(value)}`);
  }
  return value;
}

function fitNumber(value: unknown, { type, minimum = -Infinity, maximum = Infinity }: Keywords, place: string) {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(place, `must be a number, got ${show(value)}`);
  if (type === 'integer' && !Number.isInteger(value)) throw refuse(place, `must be a whole number, got ${value}`);
  if (value < minimum) throw refuse(place, `must be at least ${minimum}, got ${value}`);
  if (value > maximum) throw refuse(place, `must be at most ${maximum}, got ${value}`);
  return value;
}

function fitEnum(value: unknown, values: string[], place: string): string {
  const found = values.find((item) => item === value);
  if (found === undefined) throw refuse(place, `must be ${values.map(show).join(' or ')}, got ${show(value)}`);
  return found;
}

/** A choice between plain types. */
function fitChoice(value: unknown, choices: Keywords[], place: string): unknown {
  if (choices.some(({ type }) => typeof value === type)) return value;
  throw refuse(place, `must be a ${choices.map(({ type }) => type).join(' or a ')}, got ${show(value)}`);
}

function partOf(name: string, { parts }: FitContext): Keywords {
  const schema = parts.get(name);
  if (schema === undefined) throw new Error(`There is no schema ${name}, which is a fault of the program.`);
  return schema as Keywords;
}

const refuse = (place: string, what: string) => new KonturError('invalid-request', `${place} ${what}.`);
const charactersOf = (count: number) => `${count} character${count === 1 ? '' : 's'}`;
const toCamelCase = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Quotes a value of a request; long ones are described instead. */
function show(value: unknown): string {
  if (typeof value === 'string' && value.length > MAX_QUOTED) return 'a long string';
  if (Array.isArray(value)) return `an array of ${value.length} items`;
  return isObject(value) ? 'an object' : JSON.stringify(value);
}
