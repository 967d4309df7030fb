import { createAnnotationStore } from '../src/annotations/annotation-store.ts';
import { createChoices } from '../src/annotations/choices.ts';
import { createAuthenticator } from '../src/auth/create-authenticator.ts';
import { createDevelopmentIssuer } from '../src/auth/create-development-issuer.ts';
import { createDiskBlobs } from '../src/blobs/disk-blobs.ts';
import { createLinkSigner } from '../src/blobs/link-signer.ts';
import { createDataSetStore } from '../src/data-sets/data-set-store.ts';
import { createPictures } from '../src/engine/create-pictures.ts';
import { createFiles } from '../src/files/create-files.ts';
import { createApp } from '../src/http/create-app.ts';
import { createPreview } from '../src/images/create-preview.ts';
import { createOwnImages } from '../src/images/own-images.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { JobChangeListener } from '../src/jobs/job-changes.ts';
import type { Run } from '../src/jobs/run-job.ts';
import { createLabelStore } from '../src/labels/label-store.ts';
import { createInstances } from '../src/nodes/create-instances.ts';
import { describeStudio } from '../src/start/describe-studio.ts';
import { createLogger } from '../src/telemetry/create-logger.ts';
import { apiRequest } from '../testing/api-request.ts';
import { freePort } from '../testing/free-port.ts';
import type { BenchDatabase } from './jobs-databases.ts';

/** The server on a database, with a stand-in for the engine, in this process, and an HTTP client of it. */
export interface JobsServer {
  /** Posts a job and returns its id. */
  post(): Promise<number>;
  get(jobId: number): Promise<void>;
  subscribe(listener: JobChangeListener): () => void;
  close(): Promise<void>;
}

/** The project of its jobs. */
export const PROJECT = 'demo';
const PROMPT = { points: [{ x: 0.5, y: 0.5, label: 1 }] };

/**
 * Starts a server for the bench in this process, and a client of it.
 *
 * @param concurrency 0 leaves every job Queued
 */
export async function startJobsServer(
  { database, folder }: BenchDatabase,
  { run, concurrency }: { run: Run; concurrency: number },
): Promise<JobsServer> {
  const logger = createLogger('silent');
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const blobs = await createDiskBlobs(`${folder}/blobs`);
  const files = createFiles({ database, blobs });
  const images = createOwnImages({ files, blobs });
  const jobs = createJobs({
    database,
    run,
    concurrency,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: 1_000_000,
    logger,
  });
  await jobs.start();
  const pictures = createPictures({ maxPixels: 1_000_000, logger });
  const issuer = await createDevelopmentIssuer({ publicUrl, dataDir: folder });
  const app = await createApp({
    settings: {
      publicUrl,
      loopbackHostsOnly: true,
      corsOrigins: [],
      maxPoints: 10,
      maxUploadBytes: 1_000_000,
      detailWindows: false,
    },
    logger,
    authenticate: createAuthenticator([issuer.trust]),
    trusts: [issuer.trust],
    issuer,
    files,
    instances: createInstances({ database, files }),
    annotations: createAnnotationStore({ database }),
    choices: createChoices({ database }),
    labels: createLabelStore({ database }),
    dataSets: createDataSetStore({ database }),
    images,
    jobs,
    pictures,
    preview: createPreview({ images, engine: undefined, detailWindows: false, timeoutMs: 60_000 }),
    blobs,
    links: createLinkSigner({ key: crypto.getRandomValues(new Uint8Array(32)) }),
    readiness: {},
    studio: describeStudio({ auth: 'development', projects: {} }, { publicUrl, issuerUrl: issuer.issuerUrl }),
  });
  await app.listen({ host: '127.0.0.1', port });

  const { clientId, clientSecret } = issuer.credentials;
  const granted = await fetch(`${publicUrl}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const call = async <T>(method: string, route: string, body?: unknown): Promise<T> => {
    const response = await fetch(
      `${publicUrl}/api/v1/projects/${PROJECT}/context/vision/segment${route}`,
      apiRequest(token, method, body),
    );
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  const file = await files.create(PROJECT, { name: 'photo.jpg', mimeType: 'image/jpeg' }, { overwrite: false });
  return {
    async post() {
      const { jobId } = await call<{ jobId: number }>('POST', '', { items: [{ fileId: file.id }], ...PROMPT });
      return jobId;
    },
    get: (jobId) => call('GET', `/${jobId}`),
    subscribe: jobs.subscribe,
    async close() {
      await app.close();
      await pictures.close();
      await jobs.stop({ timeoutMs: 0 });
    },
  };
}
