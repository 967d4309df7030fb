import type { Configuration, Provider } from 'oidc-provider';

/** Lines that are no news to whoever starts the server: Node 20 is tested here, and who gives no adapter knows that. */
const EXPECTED_WARNINGS = ['Unsupported runtime', 'in-memory adapter is used'];

/** An OpenID Connect provider that does not print the warnings which the library has for every start. */
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
