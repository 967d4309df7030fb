import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Segment } from '#contract/vision/segment-job';
import { createAnnotationStore } from '../../../src/annotations/annotation-store.ts';
import { createChoices } from '../../../src/annotations/choices.ts';
import { createDiskBlobs } from '../../../src/blobs/disk-blobs.ts';
import { createLinkSigner } from '../../../src/blobs/link-signer.ts';
import { createDataSetStore } from '../../../src/data-sets/data-set-store.ts';
import type { Database } from '../../../src/database/open-database.ts';
import { createPictures } from '../../../src/engine/create-pictures.ts';
import { createFiles } from '../../../src/files/create-files.ts';
import { createApp } from '../../../src/http/create-app.ts';
import { createPreview } from '../../../src/images/create-preview.ts';
import { createUpstreamAnnotations } from '../../../src/images/gateway/create-upstream-annotations.ts';
import { createUpstreamApi } from '../../../src/images/gateway/create-upstream-api.ts';
import { createUpstreamAuthenticator } from '../../../src/images/gateway/create-upstream-authenticator.ts';
import { createUpstreamImages } from '../../../src/images/gateway/create-upstream-images.ts';
import { createUpstreamContents } from '../../../src/images/gateway/upstream-contents.ts';
import type { LocalImage } from '../../../src/images/image-source.ts';
import { createJobs, type Jobs } from '../../../src/jobs/create-jobs.ts';
import { createLabelStore } from '../../../src/labels/label-store.ts';
import { createInstances } from '../../../src/nodes/create-instances.ts';
import { describeStudio } from '../../../src/start/describe-studio.ts';
import { createLogger } from '../../../src/telemetry/create-logger.ts';
import { openEmbeddedDatabase, openTestDatabase } from '../../../testing/test-database.ts';
import { NOTHING, until } from '../../../testing/test-jobs.ts';

export interface Gateway {
  url: string;
  app: FastifyInstance;
  database: Database;
  jobs: Jobs;
  dataDir: string;
  /** The time that memories, links and copies see; to be set by the test. */
  clock: { time: number };
  /** Jobs that are taken up wait for this; to be set by the test. */
  gate: { opened: Promise<void> };
  /** Images that were handed to the engine's stand-in. */
  opened: LocalImage[];
  /** Everything logged so far, at the most talkative level. */
  log(): string;
  /** A request below /api/v1/projects/plant, or the given project. */
  call(method: string, route: string, token: string | undefined, body?: unknown): Promise<CallAnswer>;
  /** Reads a job until it has ended. */
  settled(jobId: number, token: string): Promise<JobAnswer>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type CallAnswer = { status: number; headers: Headers; body: any };
export interface JobAnswer {
  status: string;
  errorMessage: string | null;
  items: { fileId: number; segments: Segment[] }[];
}

/**
 * A server in gateway mode but for the engine, which finds nothing in any image that opens.
 *
 * @param options.embedded whether the database is in files of `dataDir`, where a test may look for what was written
 */
export async function startGateway(upstream: string, { project = 'plant', embedded = false } = {}): Promise<Gateway> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'kontur-gateway-'));
  const lines: string[] = [];
  const logger = createLogger('trace', { write: (line) => void lines.push(line) });
  const clock = { time: Date.now() };
  const now = () => clock.time;
  const { database, remove } = await (embedded ? openEmbeddedDatabase(dataDir) : openTestDatabase('PostgreSQL 18'));
  const blobs = await createDiskBlobs(path.join(dataDir, 'upstream'));
  const api = createUpstreamApi(upstream);
  const limits = { limitBytes: 1_000_000, keepMs: 120_000 };
  const contents = createUpstreamContents({ database, blobs, upstream, ...limits, now });
  const images = createUpstreamImages({ api, contents, upstream, now });
  const opened: LocalImage[] = [];
  const gate = { opened: Promise.resolve() };
  const jobs = createJobs({
    database,
    async run(job, signal) {
      await gate.opened;
      opened.push(await images.open(job, signal));
      return NOTHING;
    },
    concurrency: 2,
    jobTimeoutMs: 30_000,
    maxQueuedPerProject: 100,
    logger,
  });
  await jobs.start();
  const files = createFiles({ database, blobs });
  const pictures = createPictures({ maxPixels: 1_000_000, logger });
  const app = await createApp({
    settings: {
      publicUrl: 'http://gateway.example',
      loopbackHostsOnly: false,
      corsOrigins: ['https://page.example'],
      maxPoints: 5,
      maxUploadBytes: 1_000_000,
      detailWindows: true,
      upstream,
    },
    logger,
    authenticate: createUpstreamAuthenticator({ api, now }),
    trusts: [],
    files,
    instances: createInstances({ database, files }),
    annotations: createAnnotationStore({ database }),
    choices: createChoices({ database }),
    upstreamAnnotations: { ...createUpstreamAnnotations(upstream), findFiles: api.findFiles },
    labels: createLabelStore({ database }),
    dataSets: createDataSetStore({ database }),
    images,
    jobs,
    pictures,
    preview: createPreview({ images, engine: undefined, detailWindows: false, timeoutMs: 30_000 }),
    blobs,
    links: createLinkSigner({ key: new Uint8Array(32) }),
    readiness: {},
    studio: describeStudio({ auth: 'development', projects: {}, upstream }, { publicUrl: 'http://gateway.example' }),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  const call: Gateway['call'] = async (method, route, token, body) => {
    const response = await fetch(`${url}/api/v1/projects/${project}${route}`, {
      method,
      headers: {
        'cdf-version': 'beta',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    url,
    app,
    database,
    jobs,
    dataDir,
    clock,
    gate,
    opened,
    log: () => lines.join(''),
    call,
    settled: (jobId, token) =>
      until(async () => {
        const { status, body } = await call('GET', `/context/vision/segment/${jobId}`, token);
        if (status !== 200) throw new Error(`GET job: ${status} ${JSON.stringify(body)}`);
        return ['Completed', 'Failed'].includes(body.status) && body;
      }),
    async close() {
      await app.close();
      await pictures.close();
      await jobs.stop({ timeoutMs: 0 });
      await remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
