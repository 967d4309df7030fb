import { createIssuerOrigins } from '../auth/issuer-origins.ts';
import type { DirectUploads } from '../blobs/direct-uploads.ts';
import { BROWSER_CLIENT_ID } from '../config/access-settings.ts';
import type { Config } from '../config/load-config.ts';
import type { Studio, StudioSignIn } from '../http/app-dependencies.ts';
import { SAMPLE_PHOTO } from '../images/put-sample-photo.ts';
import { packagePath } from '../runtime/package-path.ts';

type Settings = Pick<Config, 'auth' | 'projects'> &
  Partial<Pick<Config, 'upstream' | 'studioClientId' | 'studioIssuer' | 'studioScope'>>;

/** With a refresh token, for which this scope stands, a session goes on without leaving the page. */
const DEFAULT_SCOPE = 'openid offline_access';

/**
 * Describes the studio of this server: its files, and how people sign in on it.
 *
 * @param options.issuerUrl of the embedded issuer, in modes that have one
 * @param options.uploads if clients transfer contents straight to the store
 */
export function describeStudio(
  config: Settings,
  { publicUrl, issuerUrl, uploads }: { publicUrl: string; issuerUrl?: string; uploads?: DirectUploads },
): Studio {
  const signIn = describeSignIn(config, { publicUrl, issuerUrl });
  const { authority } = signIn;
  const isElsewhere = authority !== undefined && authority !== issuerUrl;
  const issuerOrigins = isElsewhere ? createIssuerOrigins(authority) : async () => [];
  let store: string | undefined;
  return {
    folder: packagePath('dist/studio'),
    samplePhoto: SAMPLE_PHOTO,
    signIn,
    async otherOrigins() {
      // Signing takes no request, but credentials may be missing for a moment: the next page finds out.
      store ??= await uploads?.uploadUrl('any', 1000).then(
        (address) => new URL(address).origin,
        () => undefined,
      );
      const others = [config.upstream, store].flatMap((address) => (address === undefined ? [] : [address]));
      const origins = new Set([...(await issuerOrigins()), ...others.map((address) => new URL(address).origin)]);
      origins.delete(new URL(publicUrl).origin);
      return [...origins];
    },
  };
}

function describeSignIn(
  { auth, upstream, projects, studioClientId, studioIssuer, studioScope }: Settings,
  { publicUrl, issuerUrl }: { publicUrl: string; issuerUrl?: string },
): StudioSignIn {
  const redirectUri = `${publicUrl}/studio/`;
  if (issuerUrl !== undefined && auth !== 'oidc' && auth !== undefined) {
    return { mode: auth, authority: issuerUrl, clientId: BROWSER_CLIENT_ID, scope: 'openid', redirectUri, missing: [] };
  }
  const [firstIssuer] = Object.values(projects).flatMap(({ issuer }) => issuer ?? []);
  const authority = studioIssuer ?? firstIssuer;
  return {
    mode: upstream === undefined ? 'oidc' : 'upstream',
    authority,
    clientId: studioClientId,
    scope: studioScope ?? DEFAULT_SCOPE,
    redirectUri,
    missing: [
      ...(studioClientId === undefined ? ['KONTUR_STUDIO_CLIENT_ID'] : []),
      ...(authority === undefined ? ['KONTUR_STUDIO_ISSUER'] : []),
    ],
  };
}
