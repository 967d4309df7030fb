import { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { StudioConfig } from './studio-config.ts';

/** Tells a later load of the page in this tab that someone was signed in, so that it asks the issuer without a click. */
const WAS_SIGNED_IN = 'kontur.signed-in';

/** The signed-in user of this page. The token is in memory alone; nothing in storage gives access. */
export interface Session {
  /** The token to send, renewed if it has ended; undefined if nobody is signed in. */
  token(): Promise<string | undefined>;
  /** Renews the token at the issuer after the server has refused it. */
  renew(): Promise<string | undefined>;
  /** Leaves the page for the issuer, which leads back to the same address. */
  signIn(): Promise<void>;
  /** Ends the session here and at the issuer. */
  signOut(): Promise<void>;
  /** Called with whether anyone is signed in, at each change. */
  subscribe(changed: () => void): () => void;
  readonly signedIn: boolean;
  readonly userName: string | undefined;
}

/** The server's identity provider has no client for browsers; names the settings that are missing. */
export class NoBrowserClient extends Error {
  override readonly name = 'NoBrowserClient';
  readonly settings: string;

  constructor(settings: readonly string[]) {
    super('The server has no client for browsers.');
    this.settings = settings.join(', ');
  }
}

/** Whether this page was loaded in a frame of itself, by which a session is looked up without leaving the page. */
export const isSilentFrame = (): boolean => window.parent !== window && location.search !== '';

/** Hands what the issuer answered in a frame to the page around it. */
export async function tellAroundFrame(): Promise<void> {
  const empty = { authority: location.origin, client_id: '', redirect_uri: '' };
  await new UserManager(empty).signinSilentCallback();
}

/**
 * Starts the session: takes the answer of the issuer out of the address if there is one, or asks it without a click
 * where this tab was signed in before.
 *
 * @throws NoBrowserClient
 * @throws Error with the issuer's words if it refused
 */
export async function createSession({ auth }: StudioConfig): Promise<Session> {
  const page = new URL('/studio/', location.origin).href;
  const { authority, clientId, scope, missing } = auth;
  if (authority === undefined || clientId === undefined) throw new NoBrowserClient(missing ?? []);
  const manager = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: page,
    post_logout_redirect_uri: page,
    scope: scope ?? 'openid',
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    // Holds state, nonce and code verifier for the way to the issuer and back; never a token.
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: true,
    monitorSession: false,
  });
  let signedIn = false;
  let userName: string | undefined;
  let renewing: Promise<string | undefined> | undefined;
  const listeners = new Set<() => void>();
  const tell = (now: boolean, name?: string) => {
    signedIn = now;
    userName = name ?? userName;
    if (now) sessionStorage.setItem(WAS_SIGNED_IN, 'yes');
    for (const listener of listeners) listener();
  };
  manager.events.addUserLoaded((user) => tell(true, user.profile.preferred_username ?? user.profile.sub));
  manager.events.addUserUnloaded(() => tell(false));
  manager.events.addAccessTokenExpired(() => void renew());

  const renew = () => {
    renewing ??= manager
      .signinSilent()
      .then(
        (user) => user?.access_token,
        (error: unknown) => {
          // Only the issuer's word ends a session: while it does not answer, work goes on, and it is asked again.
          if (error instanceof ErrorResponse) tell(false);
          return undefined;
        },
      )
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  const query = new URLSearchParams(location.search);
  if (query.has('state') && (query.has('code') || query.has('error'))) {
    await takeAnswer(manager, query);
  } else if (sessionStorage.getItem(WAS_SIGNED_IN) !== null) {
    sessionStorage.removeItem(WAS_SIGNED_IN);
    await manager.signinRedirect({ prompt: 'none', state: location.hash });
    await new Promise(() => {});
  }

  return {
    async token() {
      const user = await manager.getUser();
      if (user === null) return undefined;
      return user.expired ? renew() : user.access_token;
    },
    renew,
    signIn: () => manager.signinRedirect({ state: location.hash }),
    async signOut() {
      sessionStorage.removeItem(WAS_SIGNED_IN);
      await manager.signoutRedirect();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    get signedIn() {
      return signedIn;
    },
    get userName() {
      return userName;
    },
  };
}

/** Errors by which an issuer says, to `prompt=none`, that a person has to sign in. */
const ASKS_FOR_A_PERSON = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

/** Exchanges the issuer's answer in the address for a token, and goes to where the person was before. */
async function takeAnswer(manager: UserManager, query: URLSearchParams): Promise<void> {
  try {
    const user = await manager.signinCallback();
    clearAnswer(typeof user?.state === 'string' ? user.state : '');
  } catch (error) {
    const state = (error as { state?: unknown }).state;
    clearAnswer(typeof state === 'string' ? state : '');
    const refused = query.get('error');
    // A page loaded with the answer of an earlier load (the back button) just starts over.
    if (refused === null || ASKS_FOR_A_PERSON.includes(refused)) return;
    throw new Error(query.get('error_description') ?? refused);
  }
}

function clearAnswer(hash: string): void {
  history.replaceState(null, '', `${location.pathname}${hash.startsWith('#') ? hash : ''}`);
}
