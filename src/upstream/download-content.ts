import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { KonturError } from '../contract/error-codes.ts';

/** Where the content of a file was to be had when its job was posted. */
export interface DownloadLink {
  /** Signed, and so a secret; may lead to another host than the upstream's. */
  downloadUrl?: string;
  linkExpiresTime?: number;
}

/**
 * Downloads through a signed link, with no token, into a blob.
 * @throws KonturError `image-link-expired`, `body-too-large` past `limitBytes`, `disk-full`; other errors may pass
 */
export async function downloadContent(
  { blobs, limitBytes, now }: { blobs: Pick<Blobs, 'write'>; limitBytes: number; now: () => number },
  { downloadUrl, linkExpiresTime = 0 }: DownloadLink,
  signal: AbortSignal,
): Promise<StoredBlob> {
  if (downloadUrl === undefined || linkExpiresTime <= now()) throw expired();
  const response = await fetch(downloadUrl, {
    headers: { 'accept-encoding': 'identity' },
    redirect: 'manual',
    signal,
  }).catch(nameFault);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw expired();
    throw new Error(`The download from the upstream was answered ${response.status}.`);
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

const expired = () =>
  new KonturError('image-link-expired', 'Its download link had expired before the job ran: post the job again.');

/** Only the name of the fault goes on: the texts of the library may quote the link. */
function nameFault(error: Error & { code?: string }): never {
  const { code = error.code ?? error.name } = (error.cause ?? {}) as { code?: string };
  throw new Error(`The download from the upstream failed: ${code}.`);
}
