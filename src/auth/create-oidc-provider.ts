import type { Configuration, Provider } from 'oidc-provider';

/** Warnings of the library that need no attention: Node 20 is tested here, and the missing adapter is intended. */
const EXPECTED_WARNINGS = ['Unsupported runtime', 'in-memory adapter is used'];

/** Creates an OpenID Connect provider without the warnings that the library prints at every start. */
export async function createOidcProvider(issuerUrl: string, configuration: Configuration): Promise<Provider> {
  const warn = console.warn;
  console.warn = (...args: unknown[]) => {
    const expected = EXPECTED_WARNINGS.some((text) => String(args[0]).includes(text));
    if (!expected || !String(args[0]).includes('oidc-provider WARNING')) warn(...args);
  };
  try {
    const { Provider: OidcProvider } = await import('oidc-provider');
    return new OidcProvider(issuerUrl, configuration);
  } finally {
    console.warn = warn;
  }
}
