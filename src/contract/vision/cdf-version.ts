/**
 * Whether a `cdf-version` header opens beta operations: `beta`, `alpha`, `YYYYMMDD-beta`, `YYYYMMDD-alpha`, alone or in
 * a comma-joined list such as `V20210406, beta` (docs/contract.md#segment-beta-header,
 * docs/contract.md#transport-cdf-version).
 */
export function allowsBeta(header: string | string[] | undefined): boolean {
  const spellings = [header ?? []].flat().flatMap((value) => value.split(','));
  return spellings.some((spelling) => /^(\d{8}-)?(beta|alpha)$/i.test(spelling.trim()));
}
