import { expect, it } from 'vitest';
import { type EncodedImage, packImage, unpackImage } from '../../src/inference/encoded-image.ts';

const image: EncodedImage = {
  frame: { imageWidth: 96, imageHeight: 64, modelWidth: 1024, modelHeight: 683 },
  embedding: { image_embeddings: { data: Uint16Array.from({ length: 4000 }, (_, i) => i), dims: [1, 4, 1000] } },
};
const packed = Buffer.from(packImage(image));

it('comes out as it went in', () => {
  expect(unpackImage(packed)).toEqual(image);
});

it.each<[string, Buffer]>([
  ['was cut short', packed.subarray(0, packed.length / 2)],
  ['is empty', Buffer.alloc(0)],
  ['has nothing but a checksum', Buffer.alloc(4)],
  ['differs in one bit', Buffer.from(packed).fill(packed[100]! ^ 1, 100, 101)],
  ['differs in its checksum', Buffer.from(packed).fill(packed[0]! ^ 1, 0, 1)],
])('is not unpacked where it %s', (_, damaged) => {
  expect(unpackImage(damaged)).toBeUndefined();
});
