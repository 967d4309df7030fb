import type { Provider } from 'oidc-provider';
import type { AttemptLimiter } from './attempt-limiter.ts';
import { verifySecret } from './secret-hash.ts';

/** Makes the provider compare client secrets with the hashes it was given in their place, ever more slowly for a guesser. */
export function checkClientSecrets(provider: Provider, attempts: AttemptLimiter): void {
  const prototype = provider.Client.prototype as unknown as {
    compareClientSecret(this: { clientId: string; clientSecret?: string }, secret: string): Promise<boolean>;
  };
  prototype.compareClientSecret = async function (secret) {
    const address = (provider.constructor as typeof Provider).ctx?.req.socket?.remoteAddress;
    const key = JSON.stringify(['client', this.clientId, address]);
    if (attempts.waitSeconds(key) > 0) return false;
    const matches = await verifySecret(secret, this.clientSecret);
    if (matches) attempts.succeeded(key);
    else attempts.failed(key);
    return matches;
  };
}
