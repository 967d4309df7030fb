import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, measureJson } from '../../../src/http/plugins/measure-json.ts';

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, item) => sum + countValues(item), 1);
}

const measure = (text: string, mostValues: number, cuts: number[] = []) => {
  const take = measureJson(mostValues);
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let start = 0;
  for (const end of ends) {
    take(bytes.subarray(start, end));
    start = end;
  }
};

describe('values are counted as a parser makes them', () => {
  const json = fc.tuple(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), fc.nat(3));
  it('wherever the bytes are cut', () => {
    fc.assert(
      fc.property(json, fc.array(fc.nat(10_000)), ([value, indent], cuts) => {
        const text = JSON.stringify(value, null, indent);
        const count = countValues(JSON.parse(text));
        // An empty object or array counts as if it had something in it.
        expect(() => measure(text, 2 * count, cuts)).not.toThrow();
        if (count > 1) expect(() => measure(text, count - 1, cuts)).toThrow('more values than the limit');
      }),
    );
  });

  it.each([
    ['1', 1],
    ['"[,,,{"', 1],
    ['"\\",\\\\"', 1],
    ['[1,2,3]', 4],
    ['{"a,b":{"c":[]},"d":"}"}', 5],
  ])('%s counts as %d', (text, count) => {
    expect(() => measure(text, count)).not.toThrow();
    if (count > 1) expect(() => measure(text, count - 1)).toThrow('more values than the limit');
  });
});

it.each(['[', '{"a":', '["]",[],', '{"}":{},"b":'])('%s again and again is refused where it gets too deep', (open) => {
  expect(() => measure(open.repeat(MAX_DEPTH), 1e6)).not.toThrow();
  expect(() => measure(open.repeat(MAX_DEPTH + 2), 1e6)).toThrow('The body is nested more than 64 deep.');
});
