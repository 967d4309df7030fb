import { createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { KonturError } from '#contract/errors';

/** Progress callback of a download, called as bytes arrive. The total is undefined if the server does not say it. */
export type ReportProgress = (doneBytes: number, totalBytes: number | undefined) => void;

/** What decides whether a partial file can be resumed: its address, and the server's ETag of the content. */
interface PartOrigin {
  url: string;
  validator: string;
}

/** A response that was cut off; asking for the rest may help. */
class CutOff extends Error {}

const ATTEMPTS = 4;
const PAUSE_MS = 500;

/**
 * Downloads a file into `part`, resuming an earlier download of the same address (RFC 9110: Range with If-Range, so
 * that bytes of two versions never mix). A broken connection is retried a few times; after that, and after any other
 * failure, the partial file stays for the next call. `<part>.json` next to it records where the bytes come from.
 *
 * @throws KonturError `unavailable` for an address that does not answer with the file; `disk-full`
 */
export async function downloadFile(url: string, part: string, report: ReportProgress): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await continueDownload(url, part, report);
      return;
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      if (attempt === ATTEMPTS) {
        throw new KonturError(
          'unavailable',
          `${url}: ${error.message} What has arrived is kept; run the command again to go on from there.`,
        );
      }
      await delay(PAUSE_MS * attempt);
    }
  }
}

async function continueDownload(url: string, part: string, report: ReportProgress): Promise<void> {
  const origin = await readOrigin(part);
  const held = origin?.url === url ? await sizeOf(part) : 0;
  const range = held > 0 && origin ? { range: `bytes=${held}-`, 'if-range': origin.validator } : undefined;
  const response = await request(url, range);

  if (response.status === 416 && response.headers.get('content-range') === `bytes */${held}`) return;
  if (response.status === 416) {
    await rm(part, { force: true });
    throw new CutOff('the file has changed since its download began.');
  }
  const isRest = response.status === 206 && startOf(response) === held;
  if (!response.body || (response.status !== 200 && !isRest)) throw refusal(url, response);

  const start = isRest ? held : 0;
  if (!isRest) await writeOrigin(part, url, response);
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isFinite(length) ? start + length : undefined;
  await save(response.body, part, { start, total, report });
}

async function request(url: string, headers: Record<string, string> | undefined): Promise<Response> {
  try {
    return await fetch(url, { headers: { 'accept-encoding': 'identity', ...headers } });
  } catch (error) {
    const { cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : (error as Error).message;
    throw new KonturError(
      'unavailable',
      `${url} cannot be reached (${reason}). Without internet, fetch the files elsewhere and give their folder with --from.`,
      { cause: error },
    );
  }
}

async function save(
  body: NonNullable<Response['body']>,
  part: string,
  { start, total, report }: { start: number; total: number | undefined; report: ReportProgress },
): Promise<void> {
  let done = start;
  report(done, total);
  async function* counted() {
    for await (const chunk of Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])) {
      done += (chunk as Uint8Array).length;
      report(done, total);
      yield chunk;
    }
  }
  await pipeline(counted(), createWriteStream(part, { flags: start > 0 ? 'a' : 'w', mode: 0o600 })).catch((error) => {
    throw writeError(error, part) ?? new CutOff(cutOffAfter(done, total));
  });
  if (total !== undefined && done < total) throw new CutOff(cutOffAfter(done, total));
}

const cutOffAfter = (done: number, total: number | undefined) =>
  `the connection ended after ${done} of ${total ?? 'an unknown number of'} bytes.`;

/** The error to report for a file that cannot be written; undefined if the disk is not the cause. */
export function writeError(error: NodeJS.ErrnoException, path: string): KonturError | undefined {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new KonturError('disk-full', `There is no room left for ${path}. Make room and run the command again.`);
  }
  if (error.syscall === undefined || error.code === 'ECONNRESET') return undefined;
  return new KonturError('unavailable', `${path} cannot be written: ${error.message}`, { cause: error });
}

function refusal(url: string, { status }: Response): KonturError {
  const reason =
    status === 404 || status === 410
      ? 'the file is not there (any more). Look where its publisher has it now, and name the place with --from.'
      : `the server answered with status ${status}. Try again later, or use a mirror or a folder with --from.`;
  return new KonturError('unavailable', `${url}: ${reason}`);
}

const startOf = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);

const originFile = (part: string) => `${part}.json`;

const readOrigin = async (part: string): Promise<PartOrigin | undefined> =>
  readFile(originFile(part), 'utf8').then(
    (text) => JSON.parse(text) as PartOrigin,
    () => undefined,
  );

/**
 * Records where a partial file comes from. Without a strong ETag (a weak one does not count), the download cannot be
 * resumed.
 */
async function writeOrigin(part: string, url: string, { headers }: Response): Promise<void> {
  const etag = headers.get('etag');
  const validator = etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (!validator) return rm(originFile(part), { force: true });
  await writeFile(originFile(part), JSON.stringify({ url, validator } satisfies PartOrigin), { mode: 0o600 });
}

/** Deletes a partial download and its record. */
export async function discardPart(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(originFile(part), { force: true })]);
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
