import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Provider } from 'oidc-provider';
import { BROWSER_CLIENT_ID } from '../config/access-settings.ts';
import { isOwnRequest } from './is-own-request.ts';
import { renderErrorPage } from './login-html.ts';
import type { AskedFor } from './login-page.ts';

const ENTRY = '/enter';
const COOKIE = 'kontur-owner';

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

/** How the issuer of development mode knows the user who runs the server. */
export interface Owner {
  /** Whether the studio of this server is opened by that user, who then needs no login page. */
  isOwner(context: Context, asked: AskedFor): Promise<boolean>;
  /** Address for where `isOwner` cannot know: the first one to open it while the process lives is the owner. */
  entryUrl: string;
}

/**
 * Recognises the user who runs the server by the socket of a request, or by a browser that has opened the entry
 * address. Only the studio profits, since nothing else would show that someone was signed in; and no page of another
 * site may have led there, so that none begins a session that nobody asked for.
 */
export function recogniseOwner(
  provider: Provider,
  { publicUrl, issuerUrl }: { publicUrl: string; issuerUrl: string },
): Owner {
  const studio = new URL('/studio/', publicUrl).href;
  const { host } = new URL(publicUrl);
  const key = randomBytes(32).toString('base64url');
  const badge = randomBytes(32).toString('base64url');
  let isUsed = false;
  provider.use(async (context, next) => {
    if (context.path !== ENTRY || context.method !== 'GET') return next();
    context.set('cache-control', 'no-store');
    if (isUsed || !isEqual(String(context.query.key ?? ''), key)) {
      context.status = 400;
      context.type = 'html';
      context.body = renderErrorPage();
      return;
    }
    isUsed = true;
    context.cookies.set(COOKIE, badge, { httpOnly: true, sameSite: 'lax', path: '/oidc', signed: false });
    context.redirect(studio);
    context.status = 303;
  });
  return {
    async isOwner({ req, cookies }, { clientId, redirectUri }) {
      if (clientId !== BROWSER_CLIENT_ID || redirectUri !== studio) return false;
      const { 'sec-fetch-site': site = 'none' } = req.headers;
      if (site !== 'same-origin' && site !== 'none') return false;
      return isEqual(cookies.get(COOKIE, { signed: false }) ?? '', badge) || isOwnRequest(req, host);
    },
    entryUrl: `${issuerUrl}${ENTRY}?key=${key}`,
  };
}

const isEqual = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));
const digest = (text: string) => createHash('sha256').update(text).digest();
