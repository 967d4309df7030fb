import { describe, expect, it } from 'vitest';
import { createEmbeddingIndex } from '../../src/inference/embedding-index.ts';

const frame = { imageWidth: 4, imageHeight: 3, modelWidth: 1024, modelHeight: 768 };

describe('createEmbeddingIndex', () => {
  it('drops what was used longest ago once there is too much', () => {
    const index = createEmbeddingIndex(30);
    for (const key of ['a', 'b', 'c']) index.add(key, frame, 10);
    expect(index.takeEvicted()).toEqual([]);
    expect(index.use('a')).toEqual(frame);
    index.add('d', frame, 20);
    expect(index.takeEvicted()).toEqual(['b', 'c']);
    expect(index.takeEvicted(), 'told once').toEqual([]);
    expect(['a', 'b', 'c', 'd'].filter((key) => index.use(key))).toEqual(['a', 'd']);
  });

  it('counts a key that is added again once', () => {
    const index = createEmbeddingIndex(20);
    index.add('a', frame, 10);
    index.add('a', frame, 10);
    index.add('b', frame, 10);
    expect(index.takeEvicted()).toEqual([]);
  });

  it('keeps the newest whatever the limit, and does not drop what has come back', () => {
    const index = createEmbeddingIndex(5);
    index.add('a', frame, 10);
    index.add('b', frame, 10);
    index.add('a', frame, 10);
    expect(index.use('a')).toEqual(frame);
    expect(index.takeEvicted()).toEqual(['b']);
  });

  it('holds nothing after clear', () => {
    const index = createEmbeddingIndex(20);
    index.add('a', frame, 20);
    index.add('b', frame, 20);
    index.clear();
    expect(index.use('b')).toBeUndefined();
    expect(index.takeEvicted()).toEqual([]);
    index.add('c', frame, 20);
    expect(index.takeEvicted()).toEqual([]);
  });
});
