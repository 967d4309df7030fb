/** What the server says about itself before anyone has signed in: `GET /studio/config.json`. */
export interface StudioConfig {
  version: string;
  /** Names the built page that the server serves now; another one than this page's means that it was updated. */
  build: string | null;
  auth: {
    mode: 'development' | 'builtin' | 'oidc' | 'upstream';
    /** Address of the issuer, whose discovery document is below it; undefined where none is configured for browsers. */
    authority?: string;
    clientId?: string;
    scope?: string;
    /** Settings that the operator has to make before anyone can sign in with a browser. */
    missing?: readonly string[];
  };
}

/**
 * Reads what the server says about itself.
 *
 * @throws Error if the server does not answer
 */
export async function readStudioConfig(): Promise<StudioConfig> {
  const response = await fetch('/studio/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()) as StudioConfig;
}
