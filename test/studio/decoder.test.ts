import { describe, expect, it } from 'vitest';
import { modelPoint } from '#geometry/spaces';
import type { Click, DecodedMasks } from '#prompting/decoder-run';
import { createHeldEmbeddings, embeddingKey } from '../../studio/src/decoder/held-embeddings.ts';
import { createRememberedRuns } from '../../studio/src/decoder/remember-runs.ts';

const window = { left: 320, top: 160, width: 320, height: 320 };
const frame = { imageWidth: 100, imageHeight: 100, modelWidth: 1024, modelHeight: 1024 };

describe('embeddings in a browser', () => {
  const embedding = (key: string) => ({ key, frame, data: new Uint16Array(500) });

  it('are those of a photo and of its windows, the least recently used first out', () => {
    const held = createHeldEmbeddings(2000);
    held.keep(embedding('one'));
    held.keep(embedding(embeddingKey('one', window)));
    expect(held.find('one')?.key).toBe('one');
    held.keep(embedding('two'));
    expect(['one', 'two'].map((photo) => held.find(photo)?.key)).toEqual(['one', 'two']);
    expect(held.find('one', window)).toBeUndefined();
  });
});

describe('runs that a browser remembers', () => {
  const click = (x: number): Click[] => [{ at: modelPoint(x, 5), label: 1 }];

  function createCounted() {
    const calls: string[] = [];
    const run =
      (name: string) =>
      async (clicks: Click[]): Promise<DecodedMasks> => {
        calls.push(`${name} ${clicks.map(({ at }) => at.x)}`);
        return { logits: new Float32Array(8), scores: new Float32Array(4) };
      };
    return { calls, run };
  }

  it('are those with the same embedding, clicks and logits', async () => {
    const { calls, run } = createCounted();
    const runs = createRememberedRuns(10);
    const [one, two] = ['one', 'two'].map((name) => runs.remember(name, run(name))) as [
      ReturnType<typeof runs.remember>,
      ReturnType<typeof runs.remember>,
    ];
    const { logits } = await one(click(1));
    expect((await one(click(1))).logits).toBe(logits);
    await two(click(1));
    await one(click(1), logits.subarray(0, 4));
    await one(click(1), logits.subarray(0, 4));
    await one(click(1), logits.subarray(4));
    await one(click(1), new Float32Array(4));
    await one([{ at: modelPoint(1, 5), label: 0 }]);
    expect(calls).toEqual(['one 1', 'two 1', 'one 1', 'one 1', 'one 1', 'one 1']);
  });

  it('are no more than the limit', async () => {
    const { calls, run } = createCounted();
    const one = createRememberedRuns(2).remember('one', run('one'));
    for (const x of [1, 2, 3, 1]) await one(click(x));
    expect(calls).toEqual(['one 1', 'one 2', 'one 3', 'one 1']);
  });
});
