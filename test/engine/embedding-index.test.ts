import { describe, expect, it } from 'vitest';
import { createEmbeddingIndex } from '../../src/engine/embedding-index.ts';

const frame = { imageWidth: 4, imageHeight: 3, modelWidth: 1024, modelHeight: 768 };

function createIndex(limitBytes: number) {
  const index = createEmbeddingIndex(limitBytes);
  const add = (key: string, bytes: number) => {
    index.reserve(bytes);
    index.add(key, frame, bytes);
  };
  return { index, add };
}

describe('createEmbeddingIndex', () => {
  it('drops what was used longest ago once there is too much', () => {
    const { index, add } = createIndex(30);
    for (const key of ['a', 'b', 'c']) add(key, 10);
    expect(index.takeEvicted()).toEqual([]);
    expect(index.use('a')).toEqual(frame);
    add('d', 20);
    expect(index.takeEvicted()).toEqual(['b', 'c']);
    expect(index.takeEvicted(), 'told once').toEqual([]);
    expect(['a', 'b', 'c', 'd'].filter((key) => index.use(key))).toEqual(['a', 'd']);
  });

  it('makes room before an embedding is there, for several at once', () => {
    const { index, add } = createIndex(30);
    for (const key of ['a', 'b', 'c']) add(key, 10);
    index.reserve(10);
    index.reserve(10);
    expect(index.takeEvicted()).toEqual(['a', 'b']);
    index.add('d', frame, 10);
    index.release(10);
    add('e', 10);
    expect(index.takeEvicted(), 'room that was not needed after all').toEqual([]);
    add('f', 10);
    expect(index.takeEvicted()).toEqual(['c']);
  });

  it('counts a key that is added again once', () => {
    const { index, add } = createIndex(30);
    add('a', 10);
    add('a', 10);
    add('b', 10);
    add('c', 10);
    expect(index.takeEvicted()).toEqual([]);
  });

  it('keeps the newest whatever the limit, and does not drop what has come back', () => {
    const { index, add } = createIndex(5);
    add('a', 10);
    add('b', 10);
    add('a', 10);
    expect(index.use('a')).toEqual(frame);
    expect(index.takeEvicted()).toEqual(['b']);
  });

  it('lets go of all keys with the same beginning', () => {
    const { index, add } = createIndex(100);
    for (const key of ['a.1', 'a.2', 'ab.1']) add(key, 10);
    index.removeAll('a.');
    expect(index.takeEvicted()).toEqual(['a.1', 'a.2']);
    expect(['a.1', 'a.2', 'ab.1'].filter((key) => index.use(key))).toEqual(['ab.1']);
  });

  it('holds nothing after clear, and keeps what is reserved', () => {
    const { index, add } = createIndex(20);
    add('a', 20);
    add('b', 20);
    index.reserve(10);
    index.clear();
    expect(index.use('b')).toBeUndefined();
    expect(index.takeEvicted()).toEqual([]);
    index.add('c', frame, 10);
    add('d', 10);
    expect(index.takeEvicted()).toEqual([]);
    add('e', 10);
    expect(index.takeEvicted()).toEqual(['c']);
  });
});
