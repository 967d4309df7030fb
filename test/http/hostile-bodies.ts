import { gzipSync } from 'node:zlib';
import type { ApiDescription } from './check-answer.ts';

/** What of JSON Schema the bodies of the API are described with. */
interface BodySchema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, BodySchema>;
  required?: string[];
  items?: BodySchema;
  oneOf?: BodySchema[];
  anyOf?: BodySchema[];
  enum?: unknown[];
  minimum?: number;
}

/** An operation that takes JSON. */
export interface JsonOperation {
  method: 'POST' | 'PUT' | 'PATCH';
  /** With everything filled in that the operation cannot do without. */
  url: string;
  /** Every place of a body at which a value may stand: names of properties, and 0 for the first item of an array. */
  places: (string | 0)[][];
  /** A body that is valid but for what stands at the place: what comes before it, and what after. */
  around(place: (string | 0)[]): [before: string, after: string];
}

interface Described {
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: BodySchema }> };
}
const MARK = '(the place)';
const MOST_STEPS = 7;

/** Every operation with a JSON body, by the description of the API alone, so that a new one is among them. */
export function jsonOperations({ paths, components }: ApiDescription, project: string): JsonOperation[] {
  const resolve = ({ $ref, ...schema }: BodySchema): BodySchema =>
    $ref === undefined ? schema : resolve(components.schemas[$ref.split('/').at(-1)!] as BodySchema);
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Described>).flatMap(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema === undefined) return [];
      const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
      const search = new URLSearchParams(query.map(({ name }): [string, string] => [name, '1']));
      return {
        method: method.toUpperCase() as JsonOperation['method'],
        url: `${path.replace('{project}', project).replaceAll(/\{\w+\}/g, '1')}?${search}`,
        places: placesOf(schema, resolve),
        around: (place) => JSON.stringify(exampleOf(schema, resolve, place)).split(`"${MARK}"`) as [string, string],
      };
    }),
  );
}

type Resolve = (schema: BodySchema) => BodySchema;

function placesOf(schema: BodySchema, resolve: Resolve, place: (string | 0)[] = []): (string | 0)[][] {
  if (place.length > MOST_STEPS) return [];
  const { properties = {}, items, oneOf = [], anyOf = [] } = resolve(schema);
  const inside = Object.entries(properties).flatMap(([name, property]) =>
    placesOf(property, resolve, [...place, name]),
  );
  const inItems = items === undefined ? [] : placesOf(items, resolve, [...place, 0]);
  const inBranches = [...oneOf, ...anyOf].flatMap((branch) => placesOf(branch, resolve, place));
  const all = [place, ...inside, ...inItems, ...inBranches];
  // Branches share most of their places.
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** As little as the schema lets pass, and the mark at the place. */
function exampleOf(schema: BodySchema, resolve: Resolve, place?: (string | 0)[]): unknown {
  if (place?.length === 0) return MARK;
  const [step, ...rest] = place ?? [];
  const inner = (of: BodySchema, name: string | 0) => exampleOf(of, resolve, name === step ? rest : undefined);
  const { type, properties = {}, required = [], items = {}, oneOf, anyOf, minimum = 0, ...more } = resolve(schema);
  if (more.enum !== undefined) return more.enum[0];
  const branches = [...(oneOf ?? []), ...(anyOf ?? [])].map(resolve).filter((branch) => branch.type !== undefined);
  if (branches.length > 0) {
    const withStep = branches.find((branch) => step === 0 || (step !== undefined && branch.properties?.[step]));
    return exampleOf(withStep ?? branches[0]!, resolve, place);
  }
  switch ([type].flat()[0]) {
    case 'array':
      return [inner(items, 0)];
    case 'object': {
      const needed = [required, oneOf?.[0]?.required ?? [], anyOf?.[0]?.required ?? []].flat();
      const names = new Set([...needed.filter((name) => step === undefined || !oneOf || name !== step), ...needed]);
      if (typeof step === 'string') names.add(step);
      return Object.fromEntries([...names].map((name) => [name, inner(properties[name] ?? {}, name)]));
    }
    case 'integer':
    case 'number':
      return minimum;
    case 'boolean':
      return true;
    default:
      return 'a';
  }
}

const MEBIBYTE = 1024 * 1024;
const list = (item: string, count: number) => `[${`${item},`.repeat(count - 1)}${item}]`;
const keys = (count: number, value: string, name: (index: number) => string) =>
  `{${Array.from({ length: count }, (_, index) => `"${name(index)}":${value}`).join(',')}}`;

/**
 * JSON values that cost a careless server far more than their parsing, or that much of it; far over, and just under
 * limits.
 */
const VALUES: Record<string, () => string> = {
  'ten million numbers': () => list('1', 10_000_000),
  'six million objects': () => list('{}', 6_000_000),
  'six million arrays': () => list('[]', 6_000_000),
  'four million nulls': () => list('null', 4_000_000),
  'six million texts': () => list('""', 6_000_000),
  'a million objects with a key each': () => list('{"id":1,"__proto__":0}', 1_000_000),
  'a million keys': () => keys(1_000_000, '"x"', (index) => `k${index}`),
  'a million keys that are null': () => keys(1_000_000, 'null', (index) => `k${index}`),
  'a million keys that are numbers': () => keys(1_000_000, '0', (index) => String(index * 4001)),
  'one key a million times': () => keys(1_000_000, '{}', () => 'id'),
  'a text of 20 MiB': () => `"${'x'.repeat(20 * MEBIBYTE)}"`,
  'a text of escapes': () => `"${'\\u00e9'.repeat(3 * MEBIBYTE)}"`,
  'a text of quotes': () => `"${'\\"'.repeat(9 * MEBIBYTE)}"`,
  'a text of wide characters': () => `"${'\u{1f600}'.repeat(4 * MEBIBYTE)}"`,
  'white space': () => `[${' '.repeat(20 * MEBIBYTE)}]`,
  'a tower of arrays': () => `${'['.repeat(9 * MEBIBYTE)}${']'.repeat(9 * MEBIBYTE)}`,
  'a tower of objects': () => `${'{"a":'.repeat(2 * MEBIBYTE)}1${'}'.repeat(2 * MEBIBYTE)}`,
  'many towers': () => list(`${'['.repeat(50)}${']'.repeat(50)}`, 100_000),
  'a number of a million digits': () => '1'.repeat(MEBIBYTE),
  'what is no JSON after a long start': () => `[${'1,'.repeat(9_000_000)}`,
  'numbers just under the limit': () => list('1', 290_000),
  'objects just under the limit': () => list('{}', 145_000),
  'keys just under the limit': () => keys(290_000, '"x"', (index) => `k${index}`),
  'nulls by key just under the limit': () => keys(290_000, 'null', (index) => `k${index}`),
  'fewer numbers': () => list('1', 48_000),
  'fewer keys': () => keys(48_000, '"x"', (index) => `k${index}`),
  'fewer objects': () => list('{"id":1}', 20_000),
  'a text just under the limit': () => `"${'x'.repeat(15.9 * MEBIBYTE)}"`,
  'a shorter text': () => `"${'x'.repeat(1.9 * MEBIBYTE)}"`,
};
export const HOSTILE_VALUES = Object.keys(VALUES);

const compressed = new Map<string, Buffer>();

/** A hostile value between two texts, as gzip of some 20 KB to a few MB. */
export function compressHostile(name: string, [before, after]: [string, string]): Buffer {
  const value = compressed.get(name) ?? gzipSync(VALUES[name]!());
  compressed.set(name, value);
  // Members of gzip stand one after the other.
  return Buffer.concat([gzipSync(before), value, gzipSync(after)]);
}
