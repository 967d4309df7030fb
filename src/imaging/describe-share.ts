/** A share from 0 to 1 in words, such as "70 %"; never "0 %" for a little, nor "100 %" for less than all. */
export function describeShare(share: number): string {
  if (share >= 1) return '100 %';
  if (share < 0.01) return 'less than 1 %';
  return share > 0.99 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}
