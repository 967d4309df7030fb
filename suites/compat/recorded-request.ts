import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { HeaderLine } from '../acceptance/send-request.ts';

/** A request that an SDK sent to a stub on the loopback, and the status that the stub answered. */
export interface RecordedRequest {
  /** Its number, from 1. */
  n: number;
  client: string;
  scenario: string;
  method: string;
  path: string;
  /** Headers in their original order, spelling and number. */
  headers: HeaderLine[];
  /** Length of the body on the wire. */
  bodyBytes: number;
  /** Inflated; `base64:…` for bytes. */
  body: string | null;
  responseStatus: number;
}

const BASE64 = 'base64:';
/** The mark of the recording for a body that was cut off. */
const CUT_OFF = /\.\.\.$/;

/** Requests of a recording: of files and segments, or of annotations, labels and data sets. */
export function readRecordedRequests(
  name: 'sdk-requests.jsonl' | 'sdk-requests-annotations.jsonl' = 'sdk-requests.jsonl',
): RecordedRequest[] {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedRequest);
}

/** Whether the client compressed the body. The recording shows it inflated. */
export const isGzipped = ({ headers }: RecordedRequest) =>
  headers.some(([name, value]) => name.toLowerCase() === 'content-encoding' && value === 'gzip');

/**
 * The body as it was sent, with `rename` applied to its text. A part that the recording cut off is replaced with
 * blanks: it is within an upload, whose content does not matter.
 */
export function wireBody(request: RecordedRequest, rename: (text: string) => string): Uint8Array | undefined {
  const { body, bodyBytes } = request;
  if (body === null) return undefined;
  if (body.startsWith(BASE64)) return Buffer.from(body.slice(BASE64.length), 'base64');
  const text = CUT_OFF.test(body) ? body.replace(CUT_OFF, '').padEnd(bodyBytes) : body;
  return isGzipped(request) ? gzipSync(rename(text)) : Buffer.from(rename(text));
}
