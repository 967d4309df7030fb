import assert from 'node:assert/strict';
import type { Answer } from './client.ts';
import type { ErrorAnswer } from './wire.ts';

/** Throws unless the answer has this status. */
export function expectStatus(answer: Answer<unknown>, ...statuses: number[]): void {
  if (statuses.includes(answer.status)) return;
  throw new Error(`answered ${answer.status} instead of ${statuses.join(' or ')}: ${answer.text.slice(0, 300)}`);
}

/** Throws unless the request was refused with this status, the envelope, and the given parts of the error. */
export function expectRefusal(
  answer: Answer<unknown>,
  status: number,
  { message, ...lists }: { message?: string | RegExp; missing?: object[]; duplicated?: object[] } = {},
): void {
  expectStatus(answer, status);
  const { error } = answer.body as ErrorAnswer;
  if (message instanceof RegExp) assert.match(error.message, message);
  else if (message !== undefined) assert.equal(error.message, message);
  for (const [key, list] of Object.entries(lists)) assert.deepEqual(error[key as keyof typeof lists], list, key);
}

/** Throws unless `value` has everything that `part` has, at any depth. */
export function expectPart(value: unknown, part: object): void {
  for (const [key, wanted] of Object.entries(part)) {
    const found = (value as Record<string, unknown>)?.[key];
    if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) expectPart(found, wanted);
    else assert.deepEqual(found, wanted, `${key} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  }
}

/** Throws, saying what was found, unless the condition holds. */
export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
