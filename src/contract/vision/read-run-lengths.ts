/** First character of compressed run lengths; each stands for five bits and whether more follow. */
const ZERO = 48;
const MORE = 0x20;
const SIGN = 0x10;
/** Groups of five bits in the longest number: more than any image has pixels. */
const MOST_GROUPS = 8;

/**
 * Reads COCO's run lengths: a list as it is, or the string that cocoapi's `rleToString` compresses it to, in which each
 * length from the fourth on is written as the difference to the one before the last. Source: cocoapi, `rleFrString` of
 * maskApi.c.
 *
 * @throws RangeError that names the character or the run that is wrong
 */
export function readRunLengths(counts: string | readonly number[]): readonly number[] {
  if (typeof counts !== 'string') return counts;
  const lengths: number[] = [];
  for (let at = 0; at < counts.length; ) {
    let value = 0;
    let groups = 0;
    let bits: number;
    do {
      bits = counts.charCodeAt(at) - ZERO;
      if (at >= counts.length) throw new RangeError('ends within a number');
      if (!(bits >= 0 && bits < 2 * MORE)) throw new RangeError(`has "${counts[at]}" at character ${at}`);
      value += (bits & (MORE - 1)) * 2 ** (5 * groups);
      at++;
      groups++;
      if (groups > MOST_GROUPS) throw new RangeError(`has a number that is too large at character ${at - groups}`);
    } while (bits & MORE);
    if (bits & SIGN) value -= 2 ** (5 * groups);
    const length = lengths.length > 2 ? value + (lengths.at(-2) ?? 0) : value;
    if (length < 0) throw new RangeError(`has a run of ${length} pixels (run ${lengths.length})`);
    lengths.push(length);
  }
  return lengths;
}
