/** How the hash of a secret is written: `scrypt$<N>$<r>$<p>$<salt>$<key>`, salt and key in base64url. */
export const SECRET_HASH_PATTERN = '^scrypt\\$\\d{4,6}\\$\\d{1,2}\\$\\d{1,2}\\$[\\w-]{22,64}\\$[\\w-]{43}$';
