import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

const MOUNT_PATH = '/oidc';
const CORS_PREFIX = 'access-control-';

/** Answers a raw request below `/oidc`. */
export type OidcListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * What a program in a page asks for itself. Everything else is a page that the user is led to, and no program's to
 * read.
 */
const OPEN_TO_PAGES = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/token',
];

/** Policy of every answer; the provider adds the digest of a script where one of its pages has one. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/**
 * Answers requests below `/oidc` with the provider, as if they had come to the public URL: it forms addresses from the
 * headers that it sees. Which pages of other origins may read an answer is what the response says already when it is
 * handed over; of pages of the issuer, none.
 */
export function mountOidcProvider(provider: Provider, publicUrl: URL): OidcListener {
  keepOrigins(provider);
  answerScopes(provider);
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
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!OPEN_TO_PAGES.includes(request.url.split('?')[0] ?? '')) closeToPages(response);
    void answer(request, response);
  };
}

/**
 * RFC 6749, section 5.1: a token answer says what was granted, where that is not what was asked for; here it always
 * does.
 */
function answerScopes(provider: Provider): void {
  provider.use(async (context, next) => {
    await next();
    if (context.path !== '/token' || context.status !== 200) return;
    const body = context.body as { scope?: string; id_token?: string };
    if (body.id_token !== undefined) body.scope = ['openid', body.scope].join(' ').trim();
  });
}

/** The provider would open its discovery document and keys to the pages of every origin. */
function keepOrigins(provider: Provider): void {
  provider.use(async (context, next) => {
    const ofPages = Object.entries(context.response.headers).filter(([name]) => name.startsWith(CORS_PREFIX));
    await next();
    closeToPages(context.res);
    for (const [name, value] of ofPages) context.set(name, String(value));
  });
}

function closeToPages(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (name.startsWith(CORS_PREFIX)) response.removeHeader(name);
  }
}
