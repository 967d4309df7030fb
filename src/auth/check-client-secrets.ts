import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { clientAddress } from './client-address.ts';
import type { SecretChecker } from './secret-checker.ts';

/**
 * Makes the provider compare client secrets with the hashes that it was given instead of them. Past a limit the answer
 * is 429 (`answerOutages`, which must be registered first), and an unknown client takes as long as a known one.
 */
export function checkClientSecrets(provider: Provider, secrets: SecretChecker): void {
  const prototype = provider.Client.prototype as unknown as {
    compareClientSecret(this: { clientId: string; clientSecret?: string }, secret: string): Promise<boolean>;
  };
  prototype.compareClientSecret = function (secret) {
    const request = (provider.constructor as typeof Provider).ctx?.req;
    return secrets.check(claimantOf(this.clientId, request), secret, this.clientSecret);
  };
  provider.use(async (context, next) => {
    await next();
    if (context.status !== 401 || context.oidc?.client !== undefined) return;
    const { client_id, client_secret } = context.oidc?.params ?? {};
    const [id, secret] = basicCredentials(context.req) ?? [client_id, client_secret];
    if (typeof id !== 'string' || typeof secret !== 'string') return;
    await secrets.check(claimantOf(id, context.req), secret, undefined);
  });
}

const claimantOf = (name: string, request: IncomingMessage | undefined) => ({
  kind: 'client' as const,
  name,
  address: clientAddress(request),
});

function basicCredentials({ headers }: IncomingMessage): [string, string] | undefined {
  const encoded = /^basic (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon === -1 ? undefined : [decoded.slice(0, colon), decoded.slice(colon + 1)];
}
