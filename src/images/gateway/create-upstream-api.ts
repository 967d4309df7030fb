import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import { type FileReference, InstanceIdSchema } from '#contract/files/file-reference';
import { toRefusal } from './to-refusal.ts';

/** The caller on whose behalf a project of the upstream is called. */
export interface Caller {
  project: string;
  /** The caller's header, unchanged. */
  authorization: string | undefined;
}

/** The parts of answers that are used; anything else in them is ignored. */
const Inspection = Type.Object({
  subject: Type.String(),
  projects: Type.Array(Type.Object({ projectUrlName: Type.String() })),
});
const KnownFile = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  externalId: Type.Optional(Type.String()),
  instanceId: Type.Optional(InstanceIdSchema),
  name: Type.String(),
  mimeType: Type.Optional(Type.String()),
  uploaded: Type.Boolean(),
  uploadedTime: Type.Optional(Type.Integer()),
  lastUpdatedTime: Type.Integer(),
});
const FoundFiles = Type.Object({ items: Type.Array(KnownFile, { minItems: 1 }) });
const SomeFiles = Type.Object({ items: Type.Array(KnownFile) });
const DownloadLinks = Type.Object({ items: Type.Array(Type.Object({ downloadUrl: Type.String() }), { minItems: 1 }) });

/**
 * The upstream's operations that Kontur itself needs, each called with the caller's token and no other credentials.
 *
 * @throws KonturError each operation passes on the upstream's refusal, or throws `upstream-unavailable` or
 *   `upstream-incompatible`
 */
export interface UpstreamApi {
  /** Reads the subject of the token and the projects that accept it (docs/contract.md#access-token-inspect). */
  inspectToken(authorization: string): Promise<Static<typeof Inspection>>;
  /** Finds a file that the caller may read; a forbidden file is answered like a missing one. */
  findFile(caller: Caller, reference: FileReference): Promise<Static<typeof KnownFile>>;
  /** Finds those of the files with these ids that the caller may read. */
  findFiles(caller: Caller, fileIds: number[]): Promise<Static<typeof KnownFile>[]>;
  /** Creates a URL that serves the content to anyone for an hour. */
  createDownloadLink(caller: Caller, fileId: number): Promise<string>;
}

/** Shorter than the 60 s after which clients give up. */
const PATIENCE_MS = 30_000;

/**
 * Creates the client of the upstream's API.
 *
 * @param upstream origin of the upstream; the token is sent nowhere else, and redirects are not followed
 */
export function createUpstreamApi(upstream: string): UpstreamApi {
  const call = <Schema extends TSchema>(request: Request, schema: Schema) => sendToUpstream(upstream, request, schema);
  return {
    inspectToken: (authorization) => call({ path: '/api/v1/token/inspect', authorization }, Inspection),

    async findFile(caller, reference) {
      const path = inProject(caller, '/files/byids');
      const body = { items: [reference] };
      const { items } = await call({ path, authorization: caller.authorization, body }, FoundFiles);
      return defined(items[0], 'file in the answer');
    },

    async findFiles(caller, fileIds) {
      const path = inProject(caller, '/files/byids');
      const body = { items: fileIds.map((id) => ({ id })), ignoreUnknownIds: true };
      const { items } = await call({ path, authorization: caller.authorization, body }, SomeFiles);
      return items;
    },

    async createDownloadLink(caller, fileId) {
      const path = inProject(caller, '/files/downloadlink?extendedExpiration=true');
      const body = { items: [{ id: fileId }] };
      const { items } = await call({ path, authorization: caller.authorization, body }, DownloadLinks);
      const { downloadUrl } = defined(items[0], 'link in the answer');
      const allowed = upstream.startsWith('https:') ? ['https:'] : ['https:', 'http:'];
      if (URL.canParse(downloadUrl) && allowed.includes(new URL(downloadUrl).protocol)) return downloadUrl;
      throw new KonturError('upstream-incompatible', 'The upstream gave a download link that is no https address.');
    },
  };
}

/** Path of an operation of the caller's project. */
export const inProject = ({ project }: Caller, path: string): string =>
  `/api/v1/projects/${encodeURIComponent(project)}${path}`;

interface Request {
  path: string;
  authorization: string | undefined;
  /** Sent as JSON with POST; if undefined the request is a GET. */
  body?: object;
  /** Whether the upstream changes something; if the connection breaks, it may have done so. */
  writes?: boolean;
}

/**
 * Sends a request to the upstream and checks its answer.
 *
 * @throws KonturError as `UpstreamApi` says; `upstream-unconfirmed` if the connection broke after a request that writes
 */
export async function sendToUpstream<Schema extends TSchema>(
  upstream: string,
  { path, authorization = '', body, writes = false }: Request,
  schema: Schema,
): Promise<Static<Schema>> {
  const response = await fetch(new URL(path, upstream), {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization,
      accept: 'application/json',
      'x-cdp-app': 'kontur',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error) => unavailable(error, writes));
  const answer = await response
    .json()
    .catch((error) => (error instanceof SyntaxError ? undefined : unavailable(error, writes)));
  if (!response.ok) {
    throw toRefusal({ status: response.status, body: answer, retryAfter: response.headers.get('retry-after') });
  }
  if (Value.Check(schema, answer)) return answer as Static<Schema>;
  throw new KonturError('upstream-incompatible', `The upstream's answer to ${path} is not what the API describes.`);
}

/** Faults before there was a connection. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Keeps only the name of the fault: the library's messages quote headers and addresses. */
function unavailable(error: Error, writes: boolean): never {
  const { code = error.name } = (error.cause ?? {}) as { code?: string };
  if (writes && !NEVER_SENT.includes(code)) {
    throw new KonturError('upstream-unconfirmed', `The connection to the upstream broke: ${code}.`);
  }
  throw new KonturError('upstream-unavailable', `The upstream cannot be reached: ${code}.`);
}
