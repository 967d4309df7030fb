import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Segment } from '#contract/vision/segment-job';
import { pixelPoint } from '#geometry/spaces';
import { createAnnotationStore } from '../../src/annotations/annotation-store.ts';
import { createChoices } from '../../src/annotations/choices.ts';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import {
  createDevelopmentIssuer,
  DEVELOPERS,
  type DevelopmentIssuer,
} from '../../src/auth/create-development-issuer.ts';
import type { ProjectTrust } from '../../src/auth/verify-token.ts';
import { createDiskBlobs } from '../../src/blobs/disk-blobs.ts';
import { createLinkSigner } from '../../src/blobs/link-signer.ts';
import { createDataSetStore } from '../../src/data-sets/data-set-store.ts';
import type { Database } from '../../src/database/open-database.ts';
import { createPictures } from '../../src/engine/create-pictures.ts';
import { createFiles } from '../../src/files/create-files.ts';
import { createFileLife } from '../../src/files/file-life.ts';
import type { AppDependencies, HttpSettings } from '../../src/http/app-dependencies.ts';
import { createApp } from '../../src/http/create-app.ts';
import type { Preview } from '../../src/images/create-preview.ts';
import { createPreview } from '../../src/images/create-preview.ts';
import { createOwnImages } from '../../src/images/own-images.ts';
import { createJobs } from '../../src/jobs/create-jobs.ts';
import { failJobsOfDeletedFiles } from '../../src/jobs/fail-unfinished.ts';
import type { JobResult } from '../../src/jobs/job-result.ts';
import type { Run } from '../../src/jobs/run-job.ts';
import { createLabelStore } from '../../src/labels/label-store.ts';
import { createInstances } from '../../src/nodes/create-instances.ts';
import { describeStudio } from '../../src/start/describe-studio.ts';
import { createLogger, type Logger } from '../../src/telemetry/create-logger.ts';
import { openEmbeddedDatabase, openTestDatabase } from '../../testing/test-database.ts';
import { NOTHING } from '../../testing/test-jobs.ts';
import { createAnswerCheck } from './check-answer.ts';

/** The default result of the test's engine, in its wire form. */
export const TRIANGLE: Segment[] = [
  {
    score: 0.75,
    polygons: [
      {
        vertices: [
          { x: 0.25, y: 0.25 },
          { x: 0.75, y: 0.25 },
          { x: 0.5, y: 0.75 },
        ],
      },
    ],
  },
];

/** The triangle as a job stores it. */
export const FOUND_TRIANGLE: JobResult = {
  ...NOTHING,
  imageWidth: 400,
  imageHeight: 300,
  segments: [
    { score: 0.75, parts: [{ outer: [pixelPoint(100, 75), pixelPoint(300, 75), pixelPoint(200, 225)], holes: [] }] },
  ],
};

export interface TestAppOptions {
  settings?: Partial<HttpSettings>;
  /** Stands in for the engine; everything else is what the server runs on. */
  run?: Run;
  /** What reads embeddings; none unless a test needs one. */
  engine?: AppDependencies['engine'];
  /** Stands in for the engine in previews; without one there are none. */
  preview?: Preview;
  /** 0 leaves every job Queued. */
  concurrency?: number;
  maxQueuedPerProject?: number;
  logger?: Logger;
  /** Folder to be used instead of a new one, for the database as well, which is embedded then. */
  dataDir?: string;
}

export interface TestApp {
  app: FastifyInstance;
  database: Database;
  /** The app's dependencies, to build another app with other settings on them. */
  dependencies: AppDependencies;
  issuer: DevelopmentIssuer;
  dataDir: string;
  /** Any request; the answer has been held against the description of the API. */
  send(options: InjectOptions & { url: string }): Promise<Answer>;
  /** A request to the project `demo` with a token of its issuer; `url` starts after the project. */
  request(options: InjectOptions & { url: string }): Promise<Answer>;
  /** Sends a request to the project `other`, with a token of that project's issuer. */
  requestOther(options: InjectOptions & { url: string }): Promise<Answer>;
  token: string;
  otherToken: string;
  close(): Promise<void>;
}

export type Answer = Awaited<ReturnType<FastifyInstance['inject']>>;

/**
 * The app with a database, a store and a job queue for itself; PostgreSQL, for which a new database costs the least.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { run = async () => FOUND_TRIANGLE, concurrency = 1, maxQueuedPerProject = 1000 } = options;
  const logger = options.logger ?? createLogger('silent');
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'kontur-http-')));
  const publicUrl = options.settings?.publicUrl ?? 'http://127.0.0.1:8321';
  const { database, remove } = await (options.dataDir === undefined
    ? openTestDatabase('PostgreSQL 18')
    : openEmbeddedDatabase(dataDir));
  const blobs = await createDiskBlobs(path.join(dataDir, 'blobs'));
  const life = createFileLife({ logger });
  life.listen({ removing: failJobsOfDeletedFiles });
  const files = createFiles({ database, blobs, life });
  const jobs = createJobs({ database, run, concurrency, jobTimeoutMs: 60_000, maxQueuedPerProject, logger });
  await jobs.start();
  const images = createOwnImages({ files, blobs });
  const pictures = createPictures({ maxPixels: 1_000_000, logger });
  const links = createLinkSigner({ key: crypto.getRandomValues(new Uint8Array(32)) });
  const issuer = await createDevelopmentIssuer({ publicUrl, dataDir });
  const other = await createOtherIssuer();
  const dependencies: AppDependencies = {
    settings: {
      publicUrl,
      loopbackHostsOnly: true,
      corsOrigins: [],
      maxPoints: 5,
      maxUploadBytes: 1_000_000,
      detailWindows: true,
      ...options.settings,
    },
    logger,
    authenticate: createAuthenticator([issuer.trust, other.trust]),
    trusts: [issuer.trust, other.trust],
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
    preview: options.preview ?? createPreview({ images, engine: undefined, detailWindows: false, timeoutMs: 60_000 }),
    blobs,
    engine: options.engine,
    links,
    readiness: { database: () => database.ping(), model: async () => {} },
    studio: describeStudio({ auth: 'development', projects: {} }, { publicUrl, issuerUrl: issuer.issuerUrl }),
  };
  const app = await createApp(dependencies);
  const token = await fetchToken(app, issuer);
  const check = createAnswerCheck((await app.inject('/openapi.json')).json());
  const send = async (request: InjectOptions & { url: string }) => {
    const answer = await app.inject(request);
    check(request.method ?? 'GET', request.url.replace(publicUrl, ''), answer);
    return answer;
  };
  const as = (project: string, bearer: string) => (request: InjectOptions & { url: string }) =>
    send({
      ...request,
      url: `/api/v1/projects/${project}${request.url}`,
      headers: { authorization: `Bearer ${bearer}`, ...request.headers },
    });
  return {
    app,
    database,
    dependencies,
    issuer,
    dataDir,
    send,
    request: as('demo', token),
    requestOther: as('other', other.token),
    token,
    otherToken: other.token,
    async close() {
      await app.close();
      await pictures.close();
      await jobs.stop({ timeoutMs: 0 });
      await remove();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function fetchToken(app: FastifyInstance, { credentials }: DevelopmentIssuer): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/oidc/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    }).toString(),
  });
  return answer.json().access_token;
}

async function createOtherIssuer(): Promise<{ trust: ProjectTrust; token: string }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const issuer = 'https://other.example/';
  const token = await new SignJWT({ sub: 'someone' })
    .setProtectedHeader({ alg: 'RS256', kid: 'other' })
    .setIssuer(issuer)
    .setAudience('other-api')
    .setExpirationTime('1h')
    .sign(privateKey);
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'other', alg: 'RS256' }] });
  const trust: ProjectTrust = {
    project: 'other',
    issuer,
    audience: 'other-api',
    keys,
    clockSkewSeconds: 0,
    groups: [DEVELOPERS],
    groupsOf: () => [DEVELOPERS],
  };
  return { trust, token };
}
