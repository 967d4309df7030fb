import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A browser as far as signing in needs one: it keeps cookies, and shows where it was sent.
 *
 * @param headers that it sends along, as a relay in between would
 */
export function createBrowser(headers: Record<string, string> = {}) {
  const jar = new Map<string, { value: string; path: string }>();
  return {
    jar,
    async visit(url: string, form?: Record<string, string>): Promise<Response> {
      const { pathname } = new URL(url);
      const cookies = [...jar].filter(([, { path }]) => pathname.startsWith(path));
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { ...headers, cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join('; ') },
        ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair, ...attributes] = line.split('; ') as [string, ...string[]];
        const [name, value] = pair.split('=') as [string, string];
        const path = attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? '/';
        if (value === '') jar.delete(name);
        else jar.set(name, { value, path });
      }
      return response;
    },
  };
}

export type Browser = ReturnType<typeof createBrowser>;

export interface SignIn {
  /** Address of the issuer. */
  issuer: string;
  clientId: string;
  redirectUri: string;
  more?: Record<string, string>;
}

/** Where a program sends the user to sign in, and the verifier that it keeps to itself. */
export function askForCode({ issuer, clientId, redirectUri, more = {} }: SignIn): { verifier: string; url: string } {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { verifier, url: `${issuer}/auth?${query}` };
}

/** Asks for a code, and follows to the login page or, where none is needed, to the program. */
export async function startSignIn(browser: Browser, signIn: SignIn) {
  const { verifier, url } = askForCode(signIn);
  const response = await browser.visit(url);
  return { verifier, response, location: locationOf(response, signIn.issuer) };
}

/** Fills the login page in, and follows to the program: the address with the code. */
export async function submitLogin(browser: Browser, page: string, form: Record<string, string>) {
  const response = await browser.visit(page, form);
  if (response.status !== 303) return { response, location: '' };
  const resumed = await browser.visit(locationOf(response, page));
  return { response: resumed, location: locationOf(resumed, page) };
}

/** What the user of development mode signs in with, of the server with this data folder. */
export function developmentSecret(dataDir: string): string {
  const file = readFileSync(path.join(dataDir, 'development-client.json'), 'utf8');
  return (JSON.parse(file) as { clientSecret: string }).clientSecret;
}

/** Trades the code for a token. */
export async function redeemCode(
  location: string,
  { issuer, clientId, redirectUri, verifier }: SignIn & { verifier: string },
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code: new URL(location).searchParams.get('code') ?? '',
      code_verifier: verifier,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const locationOf = (response: Response, base: string) => {
  const location = response.headers.get('location');
  return location === null ? '' : new URL(location, base).href;
};
