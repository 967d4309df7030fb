/** How the hash of a secret is written: `scrypt$<N>$<r>$<p>$<salt>$<key>`, salt and key in base64url. */
export const SECRET_HASH_PATTERN = '^scrypt\\$\\d{4,6}\\$\\d{1,2}\\$\\d{1,2}\\$[\\w-]{22,64}\\$[\\w-]{43}$';

/** Memory that one look at a secret may take: what `verifySecret` allows scrypt. */
export const HASH_MEMORY_BYTES = 512 * 1024 * 1024;

/** Whether scrypt can compute the hash (RFC 7914, section 2): else every sign-in with it would fail. */
export function isComputableHash(hash: string): boolean {
  const [, N, r, p] = hash.split('$').map(Number) as [number, number, number, number];
  const isPower = N > 1 && Number.isInteger(Math.log2(N));
  return isPower && r > 0 && p > 0 && 128 * r * (N + p) < HASH_MEMORY_BYTES && p <= ((2 ** 32 - 1) * 32) / (128 * r);
}
