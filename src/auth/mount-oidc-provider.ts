import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

const MOUNT_PATH = '/oidc';

export type OidcListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers requests below `/oidc` with the provider, as if they had come to the public URL: it forms addresses from the headers
 * that it sees. No answer lets pages of other origins read it.
 */
export function mountOidcProvider(provider: Provider, publicUrl: URL): OidcListener {
  // The discovery document and the keys would else be open to the pages of every origin.
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
