import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createFolders,
  type FileAnswer,
  runKontur,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';
import { sendRequest } from '../acceptance/send-request.ts';
import { type AnsweredNames, createAnsweredNames } from './answered-names.ts';
import { type RecordedRequest, readRecordedRequests, wireBody } from './recorded-request.ts';
import { DEPARTURES, NEED_MISSING, PREPARATIONS, type Preparation, SUBSTITUTIONS } from './replay-plan.ts';

const requests = readRecordedRequests();
const folders = createFolders();
let server: ServerProcess;
let names: AnsweredNames;

beforeAll(async () => {
  server = await startServerProcess(folders);
  const token = (await runKontur(['token'], folders)).stdout.trim();
  names = createAnsweredNames(server.url, token);
});
afterAll(async () => {
  await server?.end('SIGTERM');
  folders.remove();
});

const departureOf = (n: number) => DEPARTURES.find(({ lines }) => lines.includes(n));
const wantedStatuses = ({ n, responseStatus }: RecordedRequest) => departureOf(n)?.statuses ?? [responseStatus];

it('the recording is whole', () => {
  expect(requests.map(({ n }) => n)).toEqual(Array.from({ length: 128 }, (_, i) => i + 1));
});

it('departures are named once, and only where the stub answered otherwise', () => {
  const named = DEPARTURES.flatMap(({ lines }) => lines);
  expect(new Set(named).size).toBe(named.length);
  for (const { lines, statuses } of DEPARTURES) {
    for (const line of lines) expect(statuses).not.toEqual([requests[line - 1]!.responseStatus]);
  }
});

describe('recorded requests, in their order', () => {
  it.each(
    requests.map((request) => {
      const { n, method, path, scenario, responseStatus } = request;
      const wanted = wantedStatuses(request).join(' or ');
      const why = departureOf(n) && ` (stub: ${responseStatus}. ${departureOf(n)?.why})`;
      return [`${n} ${scenario}: ${method} ${path} gets ${wanted}${why ?? ''}`, request] as const;
    }),
  )('%s', async (_, request) => {
    const preparation = PREPARATIONS[request.n];
    if (preparation !== undefined) await prepare(preparation);

    const answer = await replay(request);
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: expect.toBeOneOf(wantedStatuses(request)),
      text: expect.any(String),
    });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    // Its mere presence makes the Python client retry.
    expect(answer.headers).not.toHaveProperty('cdf-is-auto-retryable');
    if (answer.status >= 400) expect(JSON.parse(answer.text).error).toMatchObject({ code: answer.status });
    if (NEED_MISSING.includes(request.n)) expect(JSON.parse(answer.text).error.missing).toHaveLength(1);
  });
});

async function replay(request: RecordedRequest) {
  const substitute = SUBSTITUTIONS[request.n] ?? ((text: string) => text);
  const rename = (text: string) => names.rename(substitute(text));
  const body = wireBody(request, rename);
  const url = names.address(substitute(request.path));
  const headers = request.headers.map(([name, value]) => {
    if (name === 'Host') return [name, new URL(url).host] as const;
    if (name === 'Content-Length') return [name, String(body?.length ?? 0)] as const;
    return [name, rename(value)] as const;
  });
  const answer = await sendRequest({ method: request.method, url, headers, body });
  const answered = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body) : answer.body;
  const text = answered.toString();
  if (answer.status < 300 && isJson(answer.headers['content-type'])) names.note(JSON.parse(text));
  return { ...answer, text };
}

const isJson = (contentType = '') => contentType.startsWith('application/json');

async function prepare(preparation: Preparation): Promise<void> {
  switch (preparation) {
    case 'a file with content': {
      const { body: file } = await server.call<FileAnswer>('POST', '/files', { name: 'pump.png' });
      await sendRequest({ method: 'PUT', url: file.uploadUrl, body: Buffer.from('content') });
      return names.note(file);
    }
    case 'the node sp/f1': {
      const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };
      const sources = [{ source, properties: { name: 'pump.png', mimeType: 'image/png' } }];
      const node = { instanceType: 'node', space: 'sp', externalId: 'f1', sources };
      await succeed('/models/spaces', { items: [{ space: 'sp' }] });
      return succeed('/models/instances', { items: [node] });
    }
    case 'a page and more of PNG files':
      for (let count = 0; count < 30; count++) await succeed('/files', { name: 'more.png', mimeType: 'image/png' });
  }
}

async function succeed(route: string, body: object): Promise<void> {
  const answer = await server.call('POST', route, body);
  if (answer.status >= 300)
    throw new Error(`POST ${route} is answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
