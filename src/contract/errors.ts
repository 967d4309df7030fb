/**
 * Origin of an error, which says what it means for a retry.
 * - `request`: the request is wrong or asks for too much; a retry ends the same way.
 * - `image`: the bytes, the name or the absence of the photo is the cause; a retry ends the same way.
 * - `outage`: a part that every request needs is unavailable or full at this moment; a retry may succeed, and the
 * failure is counted against no job.
 * - `fault`: the server is the cause; a few retries are worth it.
 */
export type ErrorOrigin = 'request' | 'image' | 'outage' | 'fault';

/** One kind of error: HTTP status, what it means for a retry, and what a client should make of it. */
interface ErrorKind {
  status: number;
  origin: ErrorOrigin;
  meaning: string;
}

const of =
  (origin: ErrorOrigin) =>
  (status: number, meaning: string): ErrorKind => ({ status, origin, meaning });
const request = of('request');
const image = of('image');
const outage = of('outage');
const fault = of('fault');

/**
 * Every error the API can answer with, and every reason a job can fail for. Reasons of the `image-` group reach a
 * client as the `errorMessage` of a Failed job; the status counts where an image is read within a request. Where the
 * statuses come from: docs/contract.md#errors and the rule of each operation there.
 */
export const ERROR_KINDS = {
  'invalid-request': request(400, 'The request breaks the schema or a rule of the operation; the message says where.'),
  'answer-too-large': request(400, 'The records asked for do not fit one answer; ask for fewer at a time.'),
  'beta-header-missing': request(400, 'Segment jobs are posted with the header cdf-version: beta (or alpha).'),
  'files-not-found': request(400, 'Files named in the request do not exist in this project; `missing` lists them.'),
  'references-not-found': request(
    400,
    'Assets are named by externalId, and this server keeps none to look them up in; `missing` lists them.',
  ),
  'labels-not-found': request(400, 'Labels named in the request do not exist in this project; `missing` lists them.'),
  'data-sets-not-found': request(
    400,
    'Data sets named in the request do not exist in this project; `missing` lists them.',
  ),
  'file-not-uploaded': request(400, 'The file has no content yet: PUT it to its uploadUrl first.'),
  'upload-not-found': request(400, 'No such upload in parts of this file: it was never begun, or has expired.'),
  'upload-incomplete': request(400, 'Parts of the upload are missing or too small; the message names them.'),
  'not-supported': request(400, 'A part of the hosted API that this server does not offer.'),
  'spaces-not-found': request(400, 'Spaces named in the request do not exist in this project; `missing` lists them.'),
  'space-not-empty': request(400, 'Only spaces without nodes can be deleted.'),
  unauthorized: request(401, 'No bearer token, or one that is expired, malformed or not accepted for this project.'),
  forbidden: request(403, 'The token is valid but lacks the capability, or a signed link is wrong or expired.'),
  'not-found': request(404, 'No such operation.'),
  'annotations-not-found': request(
    404,
    'There are no annotations with these ids on files that the caller may read; `missing` lists them.',
  ),
  'job-not-found': request(404, 'No such job in this project.'),
  'segment-not-found': request(404, 'The job found fewer segments than that.'),
  'method-not-allowed': request(405, 'The path exists, but not with this method.'),
  'request-timeout': request(408, 'The request did not arrive in time.'),
  'files-duplicated': request(409, 'One request names a file twice; `duplicated` lists it.'),
  'annotations-duplicated': request(409, 'One request names an annotation twice; `duplicated` lists it.'),
  'changed-meanwhile': request(409, 'Someone else has changed it since it was read; nothing was written.'),
  'labels-duplicated': request(
    409,
    'Labels with these externalIds exist already, or the request names one twice; `duplicated` lists them.',
  ),
  'data-sets-duplicated': request(
    409,
    'Data sets with these externalIds exist already, or the request names one twice; `duplicated` lists them.',
  ),
  'job-not-completed': request(409, 'There is nothing to show of the job: it has not ended yet, or has failed.'),
  'file-exists': request(409, 'A file with this externalId exists; post with overwrite=true to replace it.'),
  'node-version-conflict': request(409, 'A node has a later version than the existingVersion in the request.'),
  'body-too-large': request(
    413,
    'The body is over a limit of the operation: in bytes, as sent or inflated, or in values.',
  ),
  'unsupported-content-type': request(415, 'Bodies are JSON, plain or gzip.'),
  'range-not-satisfiable': request(416, 'The content ends before the range that was asked for.'),
  'misdirected-host': request(421, 'In development mode only loopback host names are answered.'),
  'too-many-jobs': outage(429, 'Too many jobs wait in this project; retry after the given time.'),
  'too-many-streams': outage(429, 'Too many event streams are open on this server; retry later, or poll.'),
  busy: outage(
    429,
    'Too many pictures, previews, sign-ins or filters by place at this moment, or too many wrong secrets; retry after the given time.',
  ),
  'headers-too-large': request(431, 'The headers of the request are too large.'),
  'upstream-throttled': outage(429, 'The upstream asks to slow down; retry after the given time.'),
  internal: fault(500, 'A fault of the server; the request id finds it in the log.'),
  'not-offered': request(501, 'In gateway mode the upstream keeps this, and its API has no such operation.'),
  'upstream-incompatible': fault(
    502,
    'The upstream answered something else than its API describes; nothing was created.',
  ),
  'upstream-unavailable': outage(503, 'The upstream cannot be reached or fails for the moment; nothing was created.'),
  'upstream-unconfirmed': outage(
    503,
    'The connection to the upstream broke after the request was sent: it was carried out whole or not at all. Look before trying again.',
  ),
  unavailable: outage(503, 'The database, the store or the engine is away for the moment; nothing was created.'),
  unconfirmed: outage(
    503,
    'The connection to the database broke at the last moment: the request was carried out whole or not at all. Look before trying again.',
  ),
  'disk-full': outage(507, 'There is no room left for the upload; nothing was stored.'),
  'image-wrong-name': image(400, 'The name of the file does not end in .jpg, .jpeg or .png.'),
  'image-wrong-mime-type': image(400, 'The mimeType of the file is not image/jpeg or image/png.'),
  'image-not-uploaded': image(400, 'The file was never uploaded, or its upload is empty.'),
  'image-file-replaced': image(400, 'The content of the file was replaced after the job was posted.'),
  'image-file-deleted': image(400, 'The file was deleted before the job ran.'),
  'image-link-expired': image(400, 'The download link of the file expired before the job ran; post the job again.'),
  'image-not-recognised': image(400, 'The content is neither JPEG nor PNG.'),
  'image-sent-as-json': image(
    400,
    'The content is a JSON rendering of a binary object, a known fault of a client library.',
  ),
  'image-truncated': image(400, 'The image ends too early or is damaged.'),
  'image-animated': image(400, 'The image is animated.'),
  'image-transparent': image(400, 'Every pixel of the image is transparent.'),
  'image-too-large': image(400, 'The image has more pixels than the server accepts.'),
  'image-too-complex': image(400, 'Decoding the image would take more work or memory than its size warrants.'),
  'image-too-elongated': image(400, 'The image is more than 20 times as long as it is wide.'),
  'image-given-up': image(400, 'The work on the image takes too long, or stopped a process of the engine twice.'),
  'job-timed-out': request(500, 'The job took longer than the time limit.'),
  'job-cancelled': request(400, 'The job was cancelled by a client.'),
  'job-interrupted': request(500, 'The job was interrupted too often to be tried again.'),
} satisfies Record<string, ErrorKind>;

/** Kind of an error, such as `invalid-request`; a key of ERROR_KINDS. */
export type ErrorCode = keyof typeof ERROR_KINDS;

/** Ids that an error is about, as lists (docs/contract.md#errors-missing, docs/contract.md#errors-duplicated). */
export interface ErrorDetails {
  /** What has changed meanwhile, as it is now. */
  current?: unknown[];
  missing?: Record<string, unknown>[];
  duplicated?: Record<string, unknown>[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** The one error type of the product. `message` is written for the client: what is wrong, where, and what to do. */
export class KonturError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'KonturError';
    this.code = code;
    this.details = details;
  }

  /** HTTP status that goes with the code. */
  get status(): number {
    return ERROR_KINDS[this.code].status;
  }

  /** Origin of the error: what it means for a retry. */
  get origin(): ErrorOrigin {
    return ERROR_KINDS[this.code].origin;
  }
}

/** Origin of any error. An error that is not a KonturError was not expected, and so is a fault. */
export const originOf = (error: unknown): ErrorOrigin => (error instanceof KonturError ? error.origin : 'fault');
