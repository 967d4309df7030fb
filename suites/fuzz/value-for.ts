import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './operations.ts';

/** Values that are there on the server, by the name of the property or parameter that takes them. */
export type KnownValues = Record<string, unknown[]>;

export interface ValueOptions {
  /** The schemas that references lead to. */
  schemas: Record<string, Schema>;
  known: KnownValues;
}

const MOST_ITEMS = 4;
const MOST_CHARACTERS = 40;
/** Properties of which nearly every random value is refused before the rest of the request is checked. */
const SELDOM_RIGHT = ['cursor', 'partition'];
const LARGEST = Number.MAX_SAFE_INTEGER;

/** Values that a schema allows. */
export function valueFor(schema: Schema | undefined, options: ValueOptions): Arbitrary<unknown> {
  const { $ref, ...own } = schema ?? {};
  if ($ref !== undefined) return valueFor(options.schemas[$ref.split('/').at(-1)!], options);
  if (own.const !== undefined) return fc.constant(own.const);
  if (own.enum !== undefined) return fc.constantFrom(...own.enum);
  if (own.allOf !== undefined) {
    return fc.tuple(...own.allOf.map((part) => valueFor(part, options))).map((parts) => Object.assign({}, ...parts));
  }
  const alternatives = own.anyOf ?? own.oneOf;
  if (alternatives !== undefined && own.properties === undefined) {
    return fc.oneof(...alternatives.map((alternative) => valueFor(alternative, options)));
  }
  const [type] = [own.type ?? (own.properties ? 'object' : undefined)].flat();
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: own.minimum ?? -LARGEST, max: own.maximum ?? LARGEST });
    case 'number':
      return fc.double({ min: own.minimum ?? -1e300, max: own.maximum ?? 1e300, noNaN: true });
    case 'string':
      return text(own);
    case 'array':
      return array(own, options);
    case 'object':
      return object(own, options);
    default:
      return fc.jsonValue();
  }
}

/** A value for a property or parameter: mostly one that is there on the server; undefined to leave it out. */
export function namedValueFor(name: string, schema: Schema, options: ValueOptions): Arbitrary<unknown> {
  const known = (options.known[name] ?? []).filter((value) => isOfType(value, schema, options));
  const any = valueFor(schema, options);
  const value = known.length === 0 ? any : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, any);
  return SELDOM_RIGHT.includes(name) ? fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, value) : value;
}

/** A property of the same name may be an id in one place and a change of it in another. */
function isOfType(value: unknown, { $ref, type }: Schema, { schemas }: ValueOptions): boolean {
  const types = [($ref === undefined ? type : schemas[$ref.split('/').at(-1)!]?.type) ?? 'object'].flat();
  return types.some((one) => (one === 'integer' ? Number.isInteger(value) : one === typeof value));
}

/** Text that a person could have written in some language, or the longest that is allowed. */
function text({ minLength = 0, maxLength = MOST_CHARACTERS, pattern }: Schema): Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  const most = Math.max(minLength, Math.min(maxLength, MOST_CHARACTERS));
  const short = fc.string({ unit: 'grapheme', minLength, maxLength: most });
  const longest = fc.constant('é'.repeat(Math.max(minLength, Math.min(maxLength, 1000))));
  // A grapheme may be of several characters.
  return fc.oneof({ weight: 9, arbitrary: short.filter(({ length }) => length <= maxLength) }, longest);
}

function array({ items, minItems = 0, maxItems = MOST_ITEMS, uniqueItems }: Schema, options: ValueOptions) {
  const lengths = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)) };
  const item = valueFor(items, options);
  if (!uniqueItems) return fc.array(item, lengths);
  return fc.uniqueArray(item, { ...lengths, selector: (value) => JSON.stringify(value) });
}

function object(schema: Schema, options: ValueOptions): Arbitrary<object> {
  const { properties = {}, patternProperties, additionalProperties, required = [] } = schema;
  if (Object.keys(properties).length === 0) {
    const value = Object.values(patternProperties ?? {})[0] ?? additionalProperties;
    if (typeof value !== 'object') return fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
    return fc.dictionary(text({}), valueFor(value, options), { maxKeys: 3, noNullPrototype: true });
  }
  const values = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, namedValueFor(name, property, options)]),
  );
  const objects = keySets(schema).map(({ needed, excluded }) => {
    const kept = Object.entries(values).filter(([name]) => !excluded.includes(name));
    const requiredKeys = [...new Set([...required, ...needed])];
    return fc.record(Object.fromEntries(kept), { requiredKeys, noNullPrototype: true });
  });
  const { maxProperties = Number.POSITIVE_INFINITY } = schema;
  return fc.oneof(...objects).filter((value) => Object.keys(value).length <= maxProperties);
}

/** The ways in which `oneOf` and `anyOf` let the keys of an object be there together. */
function keySets({ oneOf, anyOf }: Schema): { needed: string[]; excluded: string[] }[] {
  const alternatives = (oneOf ?? anyOf ?? [{}]).map(({ required = [] }) => required);
  return alternatives.map((needed) => ({
    needed,
    excluded: oneOf === undefined ? [] : alternatives.flat().filter((key) => !needed.includes(key)),
  }));
}
