import fc, { type Arbitrary } from 'fast-check';

/** Text that has broken servers before. */
export const ODD_TEXT = [
  '\0',
  'a\0b',
  '\ud800',
  '\udc00\ud800',
  '\u202e',
  'İ',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '../../etc/passwd',
  '%00',
  '%zz',
  "'; drop table files; --",
  '$1',
  '\\',
  '\r\nx: y',
  '😀'.repeat(20),
];

type Path = (string | number)[];
type Container = Record<string | number, unknown>;

/** Values that are seldom right where they stand. */
const oddValue = (): Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(null, true, 0, -1, 0.5, 1e308, 2 ** 53, -(2 ** 63), '', '1', [], {}, [[]], [null]),
    fc.constantFrom(...ODD_TEXT),
    fc.string({ unit: 'binary' }),
    fc.constant('x'.repeat(20_000)),
    fc.constant(nested(100)),
    fc.jsonValue(),
  );

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

/** A value with one place changed, removed or added; or another value altogether. */
export function brokenValue(value: Arbitrary<unknown>): Arbitrary<unknown> {
  const changed = fc
    .tuple(value, fc.nat(), fc.constantFrom('replace', 'remove', 'add'), oddValue())
    .map(([original, index, change, odd]) => changeAt(original, index, change, odd));
  return fc.oneof({ weight: 8, arbitrary: changed }, oddValue());
}

function changeAt(original: unknown, index: number, change: string, odd: unknown): unknown {
  const value = structuredClone(original);
  const paths = pathsIn(value);
  if (paths.length === 0) return odd;
  const path = paths[index % paths.length]!;
  const parent = path.slice(0, -1).reduce<unknown>((inner, step) => (inner as Container)[step], value) as Container;
  const last = path.at(-1)!;
  if (change === 'add') parent[Array.isArray(parent) ? parent.length : 'unknown'] = odd;
  else if (change === 'replace') parent[last] = odd;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return value;
}

/** Where there is something in a value: every property and item at any depth. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [[...path, key], ...pathsIn((value as Container)[key], [...path, key])]);
}
