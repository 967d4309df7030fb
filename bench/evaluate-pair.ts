import { toWireSegments } from '#outputs/to-wire-segments';
import { createRunMemory } from '../src/engine/run-memory.ts';
import { segmentImage } from '../src/segment/segment-image.ts';
import { answerPlainly } from './answer-plainly.ts';
import { type EvalObject, imageOf } from './coco-objects.ts';
import type { EvalEngine } from './eval-engine.ts';
import { evaluateObject, type ObjectScore } from './evaluate-object.ts';

/** What Kontur and the plain weights (answer-plainly.ts) make of one object. */
export interface PairedScore {
  id: string;
  photo: string;
  kontur: ObjectScore;
  plain: ObjectScore;
}

/** Runs of the decoder that are held, which the next click of a chain repeats. */
const RUN_MEMORY_BYTES = 32 * 1024 ** 2;

/** Evaluates one object with Kontur and with the plain weights, on the same embedding. */
export async function evaluatePair(
  { engine, openDecoder }: EvalEngine,
  object: EvalObject,
  { detailWindows }: { detailWindows: boolean },
): Promise<PairedScore> {
  const file = await imageOf(object);
  const kontur = await evaluateObject(
    async (prompt) => toWireSegments(await segmentImage({ engine, detailWindows }, file, prompt)),
    object,
  );
  const { run, frame } = await openDecoder(file);
  const remembered = createRunMemory(RUN_MEMORY_BYTES).remember(file.contentHash, run);
  const plain = await evaluateObject(
    async (prompt) => toWireSegments(await answerPlainly(remembered, frame, prompt)),
    object,
  );
  return { id: object.id, photo: object.imageFile, kontur, plain };
}
