import type { Provider } from 'oidc-provider';
import { KonturError } from '#contract/errors';
import { clientAddress } from './client-address.ts';
import { createLeakyBuckets } from './leaky-buckets.ts';
import { networkOf } from './network-of.ts';

/** Sign-ins that one address may begin: each writes a row, and anyone who can reach the server may begin one. */
const LIMIT = { burst: 60, perSecond: 0.5 };

/**
 * Refuses sign-ins of an address that begins too many, so that it does not push out those of others (429,
 * `answerOutages`).
 */
export function limitSignIns(provider: Provider, now: () => number = Date.now): void {
  const begun = createLeakyBuckets(LIMIT, now);
  provider.use(async (context, next) => {
    if (context.path === '/auth') {
      const address = networkOf(clientAddress(context.req));
      const retryAfterSeconds = begun.waitSeconds(address);
      if (retryAfterSeconds > 0) {
        throw new KonturError('busy', `Too many sign-ins were begun from this address. Wait ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
        });
      }
      begun.take(address);
    }
    await next();
  });
}
