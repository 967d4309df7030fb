import { KonturError } from '#contract/errors';
import { MAX_BULK_BODY_BYTES } from '#contract/limits';
import type { AnnotationContent } from './annotation-record.ts';

/**
 * Checks that annotations do not take more room in the database than the largest body has bytes: it writes numbers such
 * as 1e300 with all their digits.
 *
 * @throws KonturError `body-too-large`
 */
export function checkDataSize(records: Pick<AnnotationContent, 'data' | 'outline'>[]): void {
  const digits = records.reduce((sum, { data, outline }) => sum + countDigits(data) + countDigits(outline), 0);
  if (digits <= MAX_BULK_BODY_BYTES) return;
  throw new KonturError(
    'body-too-large',
    `The numbers of the body have more than ${MAX_BULK_BODY_BYTES} digits when they are written out. Round them, or send fewer annotations at a time.`,
  );
}

/** Digits of the numbers in a value that JSON writes with an exponent, when they are written without. */
function countDigits(value: unknown): number {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size === 0 || (size >= 1e-6 && size < 1e21) ? 0 : Math.ceil(Math.abs(Math.log10(size))) + 17;
  }
  if (typeof value !== 'object' || value === null) return 0;
  let sum = 0;
  for (const key in value) sum += countDigits((value as Record<string, unknown>)[key]);
  return sum;
}
