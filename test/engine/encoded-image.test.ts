import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { type EncodedImage, packImage, unpackImage } from '../../src/engine/encoded-image.ts';

const image: EncodedImage = {
  frame: { imageWidth: 96, imageHeight: 64, modelWidth: 1024, modelHeight: 683 },
  embedding: {
    image_embeddings: { data: Uint16Array.from({ length: 4000 }, (_, i) => i), dims: [1, 4, 1000] },
    'Merkmale, 1': { data: Uint16Array.of(65535, 1, 2), dims: [3] },
    größer: { data: Uint16Array.of(7), dims: [1] },
  },
};
const packed = Buffer.concat(packImage(image));
const checksum = (content: Buffer) => Buffer.from(Uint32Array.of(crc32(content)).buffer);
const whole = (content: Buffer) => Buffer.concat([checksum(content), content]);

it('comes out as it went in', () => {
  expect(unpackImage(packed)).toEqual(image);
});

it.each<[string, Buffer]>([
  ['was cut short', packed.subarray(0, packed.length / 2)],
  ['is empty', Buffer.alloc(0)],
  ['has nothing but a checksum', Buffer.alloc(4)],
  ['differs in one bit', Buffer.from(packed).fill(packed[100]! ^ 1, 100, 101)],
  ['was packed by a version that serialized all of it', whole(serialize(image))],
  ['differs in its checksum', Buffer.from(packed).fill(packed[0]! ^ 1, 0, 1)],
])('is not unpacked where it %s', (_, damaged) => {
  expect(unpackImage(damaged)).toBeUndefined();
});
