import { expect, it } from 'vitest';
import { decodeRunLengths, encodeRunLengths } from '../../bench/coco-objects.ts';

// 3 wide, 2 high; read column by column: 0 1 | 1 1 | 0 0
const MASK = Uint8Array.of(0, 1, 0, 1, 1, 0);

it('run lengths go down the columns and start with zeros', () => {
  expect(encodeRunLengths(MASK, 3, 2)).toEqual({ size: [2, 3], counts: [1, 3, 2] });
  expect(encodeRunLengths(Uint8Array.of(1, 0), 2, 1)).toEqual({ size: [1, 2], counts: [0, 1, 1] });
});

it('run lengths are read back to the mask', () => {
  expect(decodeRunLengths({ size: [2, 3], counts: [1, 3, 2] })).toEqual(MASK);
});
