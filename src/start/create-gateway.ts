import type { Authenticate } from '../auth/create-authenticator.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Config } from '../config/load-config.ts';
import type { Database } from '../database/open-database.ts';
import { createUpstreamApi } from '../upstream/create-upstream-api.ts';
import { createUpstreamAuthenticator } from '../upstream/create-upstream-authenticator.ts';
import { createUpstreamImages } from '../upstream/create-upstream-images.ts';
import type { ImageSource } from '../upstream/image-source.ts';
import { createUpstreamContents } from '../upstream/upstream-contents.ts';

/** What an upstream does in place of this server: it knows the tokens and has the files. */
export interface Gateway {
  authenticate: Authenticate;
  images: ImageSource;
}

export function createGateway(
  { upstream, maxUploadBytes, jobTimeoutMs }: Pick<Config, 'maxUploadBytes' | 'jobTimeoutMs'> & { upstream: string },
  { database, blobs }: { database: Database; blobs: Blobs },
): Gateway {
  const api = createUpstreamApi(upstream);
  const limits = { limitBytes: maxUploadBytes, keepMs: 2 * jobTimeoutMs };
  const contents = createUpstreamContents({ database, blobs, upstream, ...limits });
  return { authenticate: createUpstreamAuthenticator({ api }), images: createUpstreamImages({ api, contents }) };
}
