import type { Authenticate } from '../auth/create-authenticator.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Config } from '../config/load-config.ts';
import type { Database } from '../database/open-database.ts';
import { createUpstreamAnnotations, type UpstreamAnnotations } from '../images/gateway/create-upstream-annotations.ts';
import { createUpstreamApi, type UpstreamApi } from '../images/gateway/create-upstream-api.ts';
import { createUpstreamAuthenticator } from '../images/gateway/create-upstream-authenticator.ts';
import { createUpstreamImages } from '../images/gateway/create-upstream-images.ts';
import { createUpstreamContents } from '../images/gateway/upstream-contents.ts';
import type { ImageSource } from '../images/image-source.ts';

/** What the upstream provides instead of this server: authentication and images. */
export interface Gateway {
  authenticate: Authenticate;
  images: ImageSource;
  annotations: UpstreamAnnotations & Pick<UpstreamApi, 'findFiles'>;
}

/** Creates the gateway's access to its upstream. */
export function createGateway(
  { upstream, maxUploadBytes, jobTimeoutMs }: Pick<Config, 'maxUploadBytes' | 'jobTimeoutMs'> & { upstream: string },
  { database, blobs }: { database: Database; blobs: Blobs },
): Gateway {
  const api = createUpstreamApi(upstream);
  const limits = { limitBytes: maxUploadBytes, keepMs: 2 * jobTimeoutMs };
  const contents = createUpstreamContents({ database, blobs, upstream, ...limits });
  return {
    authenticate: createUpstreamAuthenticator({ api }),
    images: createUpstreamImages({ api, contents, upstream }),
    annotations: { ...createUpstreamAnnotations(upstream), findFiles: api.findFiles },
  };
}
