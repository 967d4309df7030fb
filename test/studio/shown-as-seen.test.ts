import sharp from 'sharp';
import { expect, it } from 'vitest';
import { isShownAsSeen } from '../../studio/src/canvas/shown-as-seen.ts';

const raw = { width: 4, height: 4, channels: 3 } as const;
const picture = () => sharp(Buffer.alloc(48, 120), { raw });

it.each([
  ['a JPEG', () => picture().jpeg(), true],
  ['a PNG', () => picture().png(), true],
  ['a PNG with a palette', () => picture().png({ palette: true }), true],
  ['a PNG of 16 bits', () => picture().toColourspace('rgb16').png(), false],
  ['a TIFF', () => picture().tiff(), false],
])('%s', async (_, encode, expected) => {
  const file = await encode().toBuffer();
  expect(isShownAsSeen(file.subarray(0, 32))).toBe(expected);
});

it('nothing', () => expect(isShownAsSeen(new Uint8Array())).toBe(false));
