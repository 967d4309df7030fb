import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { KonturError } from '#contract/errors';
import type { Blobs, StoredBlob } from '../../blobs/blobs.ts';

/** Where the content of a file was available when its job was posted. */
export interface DownloadLink {
  /** Signed, and therefore a secret; may lead to another host than the upstream's. */
  downloadUrl?: string;
  linkExpiresTime?: number;
  /** ETag of the content at that time, as `readEtag` found it. */
  etag?: string;
}

/** How long an answer to a segment request waits for the upstream's store. */
const ETAG_TIMEOUT_MS = 3000;

/**
 * Reads the ETag of the content that a link currently leads to; undefined if the store sends none or cannot be reached,
 * which the download will report. The link only allows GET, so a single byte is requested and not read.
 */
export async function readEtag(downloadUrl: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(ETAG_TIMEOUT_MS);
  const response = await ask(downloadUrl, signal, { range: 'bytes=0-0' }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ? etagOf(response) : undefined;
}

/**
 * Downloads content through a signed link, without a token, into a blob.
 *
 * @throws KonturError `image-link-expired`, `image-file-replaced`, `body-too-large` past `limitBytes`, `disk-full`;
 *   other errors are worth a retry
 */
export async function downloadContent(
  { blobs, limitBytes, now }: { blobs: Pick<Blobs, 'write'>; limitBytes: number; now: () => number },
  { downloadUrl, linkExpiresTime = 0, etag }: DownloadLink,
  signal: AbortSignal,
): Promise<StoredBlob> {
  if (downloadUrl === undefined || linkExpiresTime <= now()) throw expired();
  const response = await ask(downloadUrl, signal).catch(nameFault);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw expired();
    throw new Error(`The download from the upstream was answered ${response.status}.`);
  }
  if (etag !== undefined && (etagOf(response) ?? etag) !== etag) {
    await response.body.cancel();
    throw new KonturError(
      'image-file-replaced',
      'Its content was replaced after the job was posted: post a job for the new content.',
    );
  }
  const content = Readable.fromWeb(response.body as ReadableStream);
  try {
    return await blobs.write(content, limitBytes);
  } catch (error) {
    throw error instanceof KonturError ? error : nameFault(error as Error);
  } finally {
    content.destroy();
  }
}

function ask(downloadUrl: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(downloadUrl, { headers: { 'accept-encoding': 'identity', ...headers }, redirect: 'manual', signal });
}

const etagOf = (response: Response) => response.headers.get('etag') ?? undefined;

const expired = () =>
  new KonturError('image-link-expired', 'Its download link had expired before the job ran: post the job again.');

/** Keeps only the name of the fault: the library's messages may quote the link. */
function nameFault(error: Error & { code?: string }): never {
  const { code = error.code ?? error.name } = (error.cause ?? {}) as { code?: string };
  throw new Error(`The download from the upstream failed: ${code}.`);
}
