import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

const MOUNT_PATH = '/oidc';

/** Answers a raw request below `/oidc`. */
export type OidcListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Passes requests below `/oidc` to the provider as if they had come to the public URL, because it builds addresses from
 * request headers. No answer can be read by pages of other origins.
 */
export function mountOidcProvider(provider: Provider, publicUrl: URL): OidcListener {
  // Otherwise pages of all origins could read the discovery document and the keys.
  provider.use(async (context, next) => {
    await next();
    for (const name of Object.keys(context.response.headers)) {
      if (name.startsWith('access-control-')) context.remove(name);
    }
  });
  provider.proxy = true;
  const answer = provider.callback();
  return (request, response) => {
    const { headers } = request;
    headers.host = publicUrl.host;
    headers['x-forwarded-proto'] = publicUrl.protocol.slice(0, -1);
    delete headers['x-forwarded-host'];
    delete headers.origin;
    (request as IncomingMessage & { originalUrl?: string }).originalUrl = request.url;
    request.url = request.url?.slice(MOUNT_PATH.length) || '/';
    void answer(request, response);
  };
}
