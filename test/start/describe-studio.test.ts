import { describe, expect, it } from 'vitest';
import { describeStudio } from '../../src/start/describe-studio.ts';

const publicUrl = 'https://kontur.example';
const redirectUri = 'https://kontur.example/studio/';
const group = { groups: [] };
// Issuers at which nothing listens: their origin is known all the same.
const uploads = (address: string | Error) =>
  ({
    uploadUrl: async () => {
      if (address instanceof Error) throw address;
      return address;
    },
  }) as never;

describe('how the studio signs in', () => {
  it.each(['development', 'builtin'] as const)('%s: at the server itself, with nothing to set', async (auth) => {
    const studio = describeStudio({ auth, projects: {} }, { publicUrl, issuerUrl: `${publicUrl}/oidc` });
    expect(studio.signIn).toEqual({
      mode: auth,
      authority: 'https://kontur.example/oidc',
      clientId: 'kontur-studio',
      scope: 'openid',
      redirectUri,
      missing: [],
    });
    expect(await studio.otherOrigins()).toEqual([]);
  });

  it('oidc: at the first issuer, as the client that the operator names', async () => {
    const projects = {
      plant: { ...group, issuer: 'http://127.0.0.1:1/tenant/v2.0', audience: 'a' },
      yard: { ...group, issuer: 'http://127.0.0.1:2', audience: 'a' },
    };
    const without = describeStudio({ auth: 'oidc', projects }, { publicUrl });
    expect(without.signIn).toMatchObject({
      mode: 'oidc',
      authority: 'http://127.0.0.1:1/tenant/v2.0',
      scope: 'openid offline_access',
      missing: ['KONTUR_STUDIO_CLIENT_ID'],
    });
    expect(await without.otherOrigins()).toEqual(['http://127.0.0.1:1']);
    const named = describeStudio(
      {
        auth: 'oidc',
        projects,
        studioIssuer: 'http://127.0.0.1:2',
        studioClientId: 'studio',
        studioScope: 'openid api://kontur/.default',
      },
      { publicUrl },
    );
    expect(named.signIn).toEqual({
      mode: 'oidc',
      authority: 'http://127.0.0.1:2',
      clientId: 'studio',
      scope: 'openid api://kontur/.default',
      redirectUri,
      missing: [],
    });
    expect(await named.otherOrigins()).toEqual(['http://127.0.0.1:2']);
  });

  it('gateway: at an issuer that the upstream trusts, which the operator names', async () => {
    const settings = { auth: 'development', projects: {}, upstream: 'https://cdf.example' } as const;
    const without = describeStudio(settings, { publicUrl });
    expect(without.signIn).toMatchObject({
      mode: 'upstream',
      missing: ['KONTUR_STUDIO_CLIENT_ID', 'KONTUR_STUDIO_ISSUER'],
    });
    const named = describeStudio(
      { ...settings, studioClientId: 'studio', studioIssuer: 'http://127.0.0.1:1/t' },
      { publicUrl },
    );
    expect(named.signIn).toMatchObject({ authority: 'http://127.0.0.1:1/t', clientId: 'studio', missing: [] });
    expect(await named.otherOrigins()).toEqual(['http://127.0.0.1:1', 'https://cdf.example']);
  });
});

describe('where its page may call', () => {
  const settings = { auth: 'builtin', projects: {} } as const;
  const issuerUrl = `${publicUrl}/oidc`;

  it('a store with direct links is one of those places', async () => {
    const store = uploads('https://bucket.s3.example/uploads/any?X-Amz-Signature=1');
    const studio = describeStudio(settings, { publicUrl, issuerUrl, uploads: store });
    expect(await studio.otherOrigins()).toEqual(['https://bucket.s3.example']);
  });

  it('a store that cannot sign yet leaves the page as it is', async () => {
    const studio = describeStudio(settings, { publicUrl, issuerUrl, uploads: uploads(new Error('no credentials')) });
    expect(await studio.otherOrigins()).toEqual([]);
  });
});
