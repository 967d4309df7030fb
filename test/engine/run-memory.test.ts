import { describe, expect, it } from 'vitest';
import type { Prompt, PromptPoint } from '#contract/vision/prompt';
import { decodePrompt } from '#prompting/decode-prompt';
import type { RunDecoder } from '#prompting/decoder-run';
import { createRunMemory } from '../../src/engine/run-memory.ts';

const CELLS = 256 * 256;
const ANSWER_BYTES = 4 * CELLS * 4;
const frame = { imageWidth: 2000, imageHeight: 1000, modelWidth: 1024, modelHeight: 512 };
const clicks = (...places: [x: number, y: number, label: PromptPoint['label']][]): Prompt => ({
  points: places.map(([x, y, label]) => ({ x, y, label })),
});

/** A decoder whose answer depends on all that goes in, and which counts its runs. */
function countingDecoder() {
  let runs = 0;
  const run: RunDecoder = async (given, previous = new Float32Array(CELLS)) => {
    runs++;
    const sum = given.reduce((total, { at, label }, i) => total * 1.5 + at.x + 3 * at.y + 7 * label + i, 0);
    const logits = Float32Array.from({ length: 4 * CELLS }, (_, i) => Math.sin(sum + i) + previous[i % CELLS]! / 2);
    return { logits, scores: Float32Array.from([0, 1, 2, 3], (token) => Math.sin(sum * (token + 1)) + logits[0]!) };
  };
  return { run, runs: () => runs };
}

describe('createRunMemory', () => {
  it.each<[string, Prompt, Prompt, number]>([
    ['a point more', clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), clicks([0.5, 0.5, 1], [0.2, 0.2, 0], [0.9, 0.1, 1]), 2],
    ['the same again', clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), 0],
    ['another last point', clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), clicks([0.5, 0.5, 1], [0.2, 0.3, 0]), 2],
    ['another label', clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), clicks([0.5, 0.5, 1], [0.2, 0.2, 1]), 2],
    ['another first point', clicks([0.5, 0.5, 1], [0.2, 0.2, 0]), clicks([0.4, 0.5, 1], [0.2, 0.2, 0]), 3],
  ])('answers %s like a decoder that remembers nothing', async (_, first, second, newRuns) => {
    const counted = countingDecoder();
    const remembering = createRunMemory(100 * ANSWER_BYTES).remember('image', counted.run);
    await decodePrompt(remembering, frame, first);
    const before = counted.runs();
    const answer = await decodePrompt(remembering, frame, second);
    expect(counted.runs() - before).toBe(newRuns);
    expect(answer).toEqual(await decodePrompt(countingDecoder().run, frame, second));
  });

  it('keeps images apart', async () => {
    const memory = createRunMemory(100 * ANSWER_BYTES);
    const one = countingDecoder();
    const other = countingDecoder();
    await decodePrompt(memory.remember('image', one.run), frame, clicks([0.5, 0.5, 1]));
    await decodePrompt(memory.remember('image 2', other.run), frame, clicks([0.5, 0.5, 1]));
    expect([one.runs(), other.runs()]).toEqual([1, 1]);
    memory.forget('image');
    await decodePrompt(memory.remember('image', one.run), frame, clicks([0.5, 0.5, 1]));
    await decodePrompt(memory.remember('image 2', other.run), frame, clicks([0.5, 0.5, 1]));
    expect([one.runs(), other.runs()]).toEqual([2, 1]);
  });

  it('evicts the least recently used run when it is full', async () => {
    const { run, runs } = countingDecoder();
    const remembering = createRunMemory(2 * ANSWER_BYTES).remember('image', run);
    const ask = (x: number) => decodePrompt(remembering, frame, clicks([x, 0.5, 1]));
    for (const x of [0.1, 0.2, 0.1, 0.3]) await ask(x);
    expect(runs()).toBe(3);
    await ask(0.1);
    expect(runs(), 'used since').toBe(3);
    await ask(0.2);
    expect(runs(), 'gone').toBe(4);
  });

  it('remembers nothing where there is no room', async () => {
    const { run, runs } = countingDecoder();
    const remembering = createRunMemory(ANSWER_BYTES - 1).remember('image', run);
    await decodePrompt(remembering, frame, clicks([0.5, 0.5, 1]));
    await decodePrompt(remembering, frame, clicks([0.5, 0.5, 1]));
    expect(runs()).toBe(2);
  });
});
