import { describe, expect, it } from 'vitest';
import { createEmbeddingIndex } from '../../src/engine/embedding-index.ts';

const frame = { imageWidth: 4, imageHeight: 3, modelWidth: 1024, modelHeight: 768 };

function createIndex(limitBytes: number) {
  const index = createEmbeddingIndex(limitBytes);
  /** Keys that had to go for it. */
  const add = (key: string, bytes: number): string[] => {
    const dropped = index.reserve(bytes);
    index.add(key, frame, bytes);
    return dropped;
  };
  return { index, add };
}

describe('createEmbeddingIndex', () => {
  it('drops what was used longest ago once there is too much', () => {
    const { index, add } = createIndex(30);
    for (const key of ['a', 'b', 'c']) expect(add(key, 10)).toEqual([]);
    expect(index.use('a')).toEqual(frame);
    expect(add('d', 20)).toEqual(['b', 'c']);
    expect(index.reserve(0), 'told once').toEqual([]);
    expect(['a', 'b', 'c', 'd'].filter((key) => index.use(key))).toEqual(['a', 'd']);
  });

  it('makes room before an embedding is there, for several at once', () => {
    const { index, add } = createIndex(30);
    for (const key of ['a', 'b', 'c']) add(key, 10);
    expect([...index.reserve(10), ...index.reserve(10)]).toEqual(['a', 'b']);
    index.add('d', frame, 10);
    index.release(10);
    expect(add('e', 10), 'room that was not needed after all').toEqual([]);
    expect(add('f', 10)).toEqual(['c']);
  });

  it('counts a key that is added again once', () => {
    const { add } = createIndex(30);
    expect(['a', 'a', 'b', 'c'].flatMap((key) => add(key, 10))).toEqual([]);
  });

  it('keeps the newest whatever the limit', () => {
    const { index, add } = createIndex(5);
    expect(['a', 'b', 'a'].flatMap((key) => add(key, 10))).toEqual(['a', 'b']);
    expect(index.use('a')).toEqual(frame);
    expect(index.use('b')).toBeUndefined();
  });

  it('removes all keys with a prefix', () => {
    const { index, add } = createIndex(100);
    for (const key of ['a.1', 'a.2', 'ab.1']) add(key, 10);
    expect(index.removeAll('a.')).toEqual(['a.1', 'a.2']);
    expect(['a.1', 'a.2', 'ab.1'].filter((key) => index.use(key))).toEqual(['ab.1']);
    expect(index.reserve(90), 'their room is free').toEqual([]);
  });

  it('holds nothing after clear, and keeps what is reserved', () => {
    const { index, add } = createIndex(20);
    add('a', 20);
    expect(index.reserve(10)).toEqual(['a']);
    index.clear();
    expect(index.use('a')).toBeUndefined();
    index.add('c', frame, 10);
    expect(add('d', 10)).toEqual([]);
    expect(add('e', 10)).toEqual(['c']);
  });
});
