import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { sharedSchemas } from '../../src/http/shared-schemas.ts';

/** The schemas that validate must say what the contract says: as strict, and no stricter. */
const contract = parse(readFileSync(new URL('segment.openapi.yaml', import.meta.url), 'utf8'));
const theirs = new Ajv2020({ strict: false, formats: { int64: true, int32: true } });
theirs.addSchema({ $id: 'contract', ...contract });
const ours = new Ajv2020({ strict: false });
ours.addSchema(sharedSchemas(100));

/** Mostly valid, so that whole requests are valid about as often as not. */
const mostly = <T>(valid: fc.Arbitrary<T>, ...wrong: unknown[]) =>
  fc.oneof({ weight: 15, arbitrary: valid as fc.Arbitrary<unknown> }, fc.constantFrom(...wrong));

const coordinate = mostly(fc.constantFrom(0, 0.25, 0.5, 1), -0.1, 1.1, '0.5', null, undefined);
const point = fc.record({ x: coordinate, y: coordinate, label: mostly(fc.constantFrom(0, 1, undefined), 2, '1', 0.5) });
const box = fc.record({ xMin: coordinate, yMin: coordinate, xMax: coordinate, yMax: coordinate });
const instanceId = fc.record({
  space: mostly(fc.constantFrom('sp', 's'.repeat(43)), '', '1sp', 's'.repeat(44), undefined),
  externalId: mostly(fc.constantFrom('a', 'my document.pdf'), '', '\u0000', 'a'.repeat(257), undefined),
});
const reference = mostly(
  fc.oneof(
    fc.record({ fileId: mostly(fc.constantFrom(1, Number.MAX_SAFE_INTEGER), 0, 1.5, 2 ** 53, '1') }),
    fc.record({ fileExternalId: mostly(fc.constantFrom('', 'a', 'é'.repeat(255)), 'a'.repeat(256), 1) }),
    fc.record({ fileInstanceId: instanceId }),
  ),
  {},
  { fileId: 1, fileExternalId: 'a' },
  { id: 1 },
  null,
);
const request = fc.record({
  items: mostly(fc.tuple(reference), [], [{ fileId: 1 }, { fileId: 2 }], { fileId: 1 }, undefined),
  points: mostly(fc.option(fc.array(point, { maxLength: 3 }), { nil: undefined }), null, [null], {}),
  boundingBox: mostly(fc.option(box, { nil: undefined }), null, []),
  other: fc.constantFrom(undefined, 1, [null]),
});

it('a segment request is valid for us exactly if it is for the contract', () => {
  const seen = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: request }, fc.jsonValue()), (given) => {
      const body = JSON.parse(JSON.stringify(given));
      const valid = theirs.validate({ $ref: 'contract#/components/schemas/SegmentRequest' }, body);
      seen[valid ? 'valid' : 'invalid']++;
      expect(ours.validate({ $ref: 'SegmentRequest' }, body)).toBe(valid);
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(100);
});
