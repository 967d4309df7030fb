import path from 'node:path';
import type { Authenticate } from '../auth/create-authenticator.ts';
import { createDiskBlobs } from '../blobs/disk-blobs.ts';
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

export async function createGateway(
  {
    upstream,
    dataDir,
    blobsDir,
    maxUploadBytes,
    jobTimeoutMs,
  }: Pick<Config, 'dataDir' | 'blobsDir' | 'maxUploadBytes' | 'jobTimeoutMs'> & { upstream: string },
  { database }: { database: Database },
): Promise<Gateway> {
  // Apart from the contents of files, which are swept; where the rows are that name these copies, for all who share them.
  const folder = path.join(database.embedded ? dataDir : blobsDir, 'upstream');
  const blobs = await createDiskBlobs(folder, { shared: !database.embedded });
  const api = createUpstreamApi(upstream);
  const limits = { limitBytes: maxUploadBytes, keepMs: 2 * jobTimeoutMs };
  const contents = createUpstreamContents({ database, blobs, upstream, ...limits });
  return { authenticate: createUpstreamAuthenticator({ api }), images: createUpstreamImages({ api, contents }) };
}
