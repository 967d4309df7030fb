import { expect, it } from 'vitest';
import { hashSecret, verifySecret } from '../../src/auth/secret-hash.ts';
import { SECRET_HASH_PATTERN } from '../../src/config/secret-hash-pattern.ts';

it('a hash is one of its secret alone, and another one each time', async () => {
  const [one, two] = await Promise.all([hashSecret('pässword'), hashSecret('pässword')]);
  expect(one).toMatch(new RegExp(SECRET_HASH_PATTERN));
  expect(one).not.toBe(two);
  expect(await verifySecret('pässword', one)).toBe(true);
  // The same letters, as another keyboard composes them.
  expect(await verifySecret('pa\u0308ssword', two)).toBe(true);
  for (const wrong of ['password', '', 'pässword ', one]) expect(await verifySecret(wrong, one)).toBe(false);
});

it('nothing is the secret of nobody', async () => {
  expect(await verifySecret('', undefined)).toBe(false);
});
