import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE_LANGUAGES, type CodeLanguage, writeCode } from '../../studio/src/take-away/write-code.ts';
import { readRecordedRequests } from '../../suites/compat/recorded-request.ts';
import { findCommand } from '../../testing/find-command.ts';
import { createFolders, PHOTO, root, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';

const PROMPTS = [
  { prompt: { points: [{ x: 0.62, y: 0.645, label: 1 as const }] }, segment: 0 },
  {
    prompt: {
      points: [
        { x: 0.25, y: 0.84, label: 1 as const },
        { x: 0.42, y: 0.85, label: 0 as const },
      ],
      boundingBox: { xMin: 0, yMin: 0.72, xMax: 0.75, yMax: 0.95 },
    },
    segment: 0,
  },
  { prompt: { points: [{ x: 0.53, y: 0.4, label: 1 as const }] }, segment: 1 },
];

const STAND_IN = path.join(import.meta.dirname, 'cognite-sdk-stand-in');

const RUN: Record<CodeLanguage['id'], { command: string; debianPackage?: string }> = {
  curl: { command: 'sh' },
  javascript: { command: 'node' },
  python: { command: 'python3' },
  'python-sdk': { command: 'python3' },
};

const folders = createFolders();
let server: ServerProcess;
let fileId: number;
/** A folder as a user has one: nothing in it but the code and installed packages. */
const folder = mkdtempSync(path.join(tmpdir(), 'kontur-copied-'));

beforeAll(async () => {
  findCommand('curl');
  findCommand('python3');
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  server = await startServerProcess(folders);
  fileId = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
});
afterAll(async () => {
  await server.end('SIGTERM');
  folders.remove();
  rmSync(folder, { recursive: true });
});

async function run({ id, fileName }: CodeLanguage, code: string, token = server.token): Promise<string> {
  const file = path.join(folder, fileName);
  writeFileSync(file, code);
  const env = { PATH: process.env.PATH, HOME: folder, KONTUR_TOKEN: token, PYTHONPATH: STAND_IN };
  return (await promisify(execFile)(RUN[id].command, [file], { cwd: folder, env })).stdout;
}

/** What of the printed text is compared: curl prints the job as it is, the others the polygons. */
const readPolygons = ({ id }: CodeLanguage, printed: string, segment: number): unknown => {
  const answer = JSON.parse(printed);
  return id === 'curl' ? answer.items[0].segments[segment].polygons : answer;
};

describe.each(CODE_LANGUAGES.map((language) => [language.id, language] as const))('code in %s', (id, language) => {
  it.each(PROMPTS)('gives the polygons of the job when run as copied', async ({ prompt, segment }) => {
    const job = await server.settled(await server.post(fileId, prompt));
    const code = writeCode(id, { baseUrl: server.url, project: 'demo', fileId, prompt, segment });
    const printed = readPolygons(language, await run(language, code), segment);
    expect(job.items[0]!.segments[segment]!.polygons.length).toBeGreaterThan(0);
    expect(printed).toEqual(job.items[0]!.segments[segment]!.polygons);
  });

  it('fails, and says why, with a token that is none', async () => {
    const { prompt, segment } = PROMPTS[0]!;
    const code = writeCode(id, { baseUrl: server.url, project: 'demo', fileId, prompt, segment });
    const failure: { code: number; stderr: string } = await run(language, code, 'none').catch((error) => error);
    expect(failure.code).toBeGreaterThan(0);
    expect(failure.stderr).toMatch(/401/);
  });
});

it('sends with cognite-sdk what that was recorded to send', async () => {
  const [recordedPost, recordedGet] = ['py client.post segment cdf-version beta', 'py client.get segment job'].map(
    (scenario) => readRecordedRequests().find((request) => request.scenario === scenario)!,
  );
  const sent: { method: string; path: string; headers: Record<string, string>; body: unknown }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const { method = '', url = '', headers } = request;
    const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString();
    sent.push({ method, path: url, headers: headers as Record<string, string>, body: text || null });
    const job = { jobId: Number.MAX_SAFE_INTEGER, status: method === 'GET' ? 'Completed' : 'Queued' };
    response.end(JSON.stringify({ ...job, items: [{ segments: [{ polygons: [] }] }] }));
  };
  const stub = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(stub, 'listening');
  const baseUrl = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`;
  const prompt = { points: [{ x: 0.8, y: 0.8, label: 1 as const }] };
  const language = CODE_LANGUAGES.find(({ id }) => id === 'python-sdk')!;
  const code = writeCode('python-sdk', { baseUrl, project: 'demo', fileId: 5_550_001, prompt, segment: 0 });
  expect(JSON.parse(await run(language, code, 'good-token'))).toEqual([]);
  stub.close();

  expect(sent).toHaveLength(2);
  for (const [index, recorded] of [recordedPost!, recordedGet!].entries()) {
    const { method, path: route, headers, body } = sent[index]!;
    expect({ method, path: route, body }).toEqual({
      method: recorded.method,
      path: recorded.path,
      body: recorded.body,
    });
    const COMPARED = ['content-type', 'accept', 'x-cdp-sdk', 'cdf-version', 'authorization', 'content-encoding'];
    for (const name of COMPARED) {
      const value = recorded.headers.find(([header]) => header.toLowerCase() === name)?.[1];
      expect(headers[name], name).toBe(value);
    }
  }
});
