import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE, type DownloadableModel, isPackaged } from '../../src/models/catalogue.ts';
import { checkModelFile, findModelFiles } from '../../src/models/model-files.ts';
import { openModel } from '../../src/models/open-model.ts';
import { type PullOptions, pullModel } from '../../src/models/pull-model.ts';

const ENCODER = Buffer.alloc(300_000, 'encoder ');
const DECODER = Buffer.alloc(50_000, 'decoder ');
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

let folder: string;
let modelsDir: string;
let server: Server;
let address: string;
/** Requests as `method path range`, and what answers them. */
let requests: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  modelsDir = join(folder, 'models');
  requests = [];
  answer = serve;
  server = createServer((request, response) => {
    requests.push([request.url, request.headers.range].filter(Boolean).join(' '));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const contentOf = (url = '') => (url.includes('encoder') ? ENCODER : DECODER);

/** A server as they are: ranges, if the content is still that which the client has a part of. */
function serve(request: IncomingMessage, response: ServerResponse, etag = '"1"'): void {
  const content = contentOf(request.url);
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.setHeader('etag', etag);
  if (start === 0 || request.headers['if-range'] !== etag) {
    response.writeHead(200, { 'content-length': content.length }).end(content);
  } else if (start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  } else {
    response
      .writeHead(206, {
        'content-length': content.length - start,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      })
      .end(content.subarray(start));
  }
}

/** Sends half of what is left and cuts the connection. */
function cutOff(request: IncomingMessage, response: ServerResponse): void {
  const content = contentOf(request.url);
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const half = content.subarray(start, start + Math.ceil((content.length - start) / 2));
  const headers = { etag: '"1"', 'content-length': content.length - start };
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start === 0 ? 200 : 206, start === 0 ? headers : { ...headers, ...range });
  response.write(half, () => setTimeout(() => response.destroy(), 20));
}

function modelAt(place: string, checksums: { encoder?: string; decoder?: string } = {}): DownloadableModel {
  const entry = CATALOGUE.find(({ id }) => id === 'edgesam')!;
  if (isPackaged(entry)) throw new Error('The entry of the tests must be one that is fetched.');
  return {
    ...entry,
    encoder: { name: 'encoder.onnx', url: `${place}/encoder.onnx`, sha256: checksums.encoder },
    decoder: { name: 'decoder.onnx', url: `${place}/decoder.onnx`, sha256: checksums.decoder },
  };
}
const pinned = { encoder: sha256(ENCODER), decoder: sha256(DECODER) };

const pull = (model: DownloadableModel, options: Partial<PullOptions> = {}) =>
  pullModel(model, {
    modelsDir,
    offline: false,
    onFile: () => ({ progress: () => {}, done: () => {} }),
    confirm: () => Promise.reject(new Error('Nobody should have been asked.')),
    ...options,
  });

const place = (...names: string[]) => join(modelsDir, 'edgesam', ...names);
const filesHere = async () => {
  const names = await readdir(place()).catch(() => []);
  return names.filter((name) => name !== '.pull.lock').sort();
};

describe('pullModel', () => {
  it('fetches both files, reports how far it is, and fetches nothing that is there already', async () => {
    const reports: [string, number, number | undefined][] = [];
    const onFile: PullOptions['onFile'] = (name) => ({
      progress: (done, total) => reports.push([name, done, total]),
      done: () => {},
    });
    expect(await pull(modelAt(address, pinned), { onFile })).toMatchObject([{ state: 'pulled' }, { state: 'pulled' }]);
    expect(await filesHere()).toEqual(['decoder.onnx', 'encoder.onnx']);
    expect((await readFile(place('encoder.onnx'))).equals(ENCODER)).toBe(true);
    expect(reports.at(-1)).toEqual(['decoder.onnx', DECODER.length, DECODER.length]);

    requests = [];
    expect(await pull(modelAt(address, pinned))).toMatchObject([
      { state: 'already there' },
      { state: 'already there' },
    ]);
    expect(requests).toEqual([]);
  });

  it('asks for the rest when the connection breaks, within one call and in the next', async () => {
    answer = (request, response) => (requests.length < 3 ? cutOff(request, response) : serve(request, response));
    await pull(modelAt(address, pinned));
    expect(requests).toEqual([
      '/encoder.onnx',
      expect.stringMatching(/^\/encoder\.onnx bytes=\d+-$/),
      expect.stringMatching(/^\/encoder\.onnx bytes=\d+-$/),
      '/decoder.onnx',
    ]);
    // What was still on its way when the connection broke is lost.
    const [first, second] = requests.slice(1, 3).map((request) => Number(/\d+/.exec(request)![0]));
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(150_000);
    expect(second).toBeGreaterThan(first!);
    expect(second).toBeLessThanOrEqual(225_000);
    expect((await readFile(place('encoder.onnx'))).equals(ENCODER)).toBe(true);
  });

  it('keeps what has arrived when it gives up, and goes on from there later', async () => {
    answer = cutOff;
    await expect(pull(modelAt(address, pinned))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/the connection ended after \d+ of 300000 bytes.*run the command again/),
    });
    expect(await filesHere()).toEqual(['encoder.onnx.part', 'encoder.onnx.part.json']);
    const held = (await readFile(place('encoder.onnx.part'))).length;
    requests = [];
    answer = serve;
    await pull(modelAt(address, pinned));
    expect(requests[0]).toBe(`/encoder.onnx bytes=${held}-`);
    expect(await filesHere()).toEqual(['decoder.onnx', 'encoder.onnx']);
  });

  it('starts again where the content has changed since, or where the part is of another address', async () => {
    await mkdir(place(), { recursive: true });
    const part = (url: string) => JSON.stringify({ url, validator: '"old"' });
    await writeFile(place('encoder.onnx.part'), 'of an older version');
    await writeFile(place('encoder.onnx.part.json'), part(`${address}/encoder.onnx`));
    await writeFile(place('decoder.onnx.part'), 'of somewhere else');
    await writeFile(place('decoder.onnx.part.json'), part('http://elsewhere/decoder.onnx'));
    await pull(modelAt(address, pinned));
    expect(requests).toEqual(['/encoder.onnx bytes=19-', '/decoder.onnx']);
    expect((await readFile(place('decoder.onnx'))).equals(DECODER)).toBe(true);
  });

  it('follows redirects', async () => {
    answer = (request, response) => {
      if (request.url!.startsWith('/moved')) return serve(request, response);
      response.writeHead(302, { location: `/moved${request.url}` }).end();
    };
    await pull(modelAt(address, pinned));
    expect(await filesHere()).toEqual(['decoder.onnx', 'encoder.onnx']);
  });

  it('refuses and removes what has another checksum', async () => {
    const wrong = { ...pinned, encoder: sha256(DECODER) };
    await expect(pull(modelAt(address, wrong))).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(`its SHA-256 is ${sha256(ENCODER)}, expected is ${sha256(DECODER)}.*--from`),
      ),
    });
    expect(await filesHere()).toEqual([]);
  });

  it.each([
    [404, /the file is not there/],
    [503, /answered with status 503/],
  ])('says what to do about status %i', async (status, message) => {
    answer = (_, response) => response.writeHead(status).end();
    await expect(pull(modelAt(address, pinned))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(message),
    });
  });

  it('leaves a model alone that another process is pulling', async () => {
    const asked = new Promise<() => void>((resolve) => {
      answer = (request, response) => resolve(() => serve(request, response));
    });
    const first = pull(modelAt(address, pinned));
    const proceed = await asked;
    answer = serve;
    await expect(pull(modelAt(address, pinned))).rejects.toMatchObject({
      code: 'unavailable',
      message: `Another process is pulling into ${place()}. Wait until it has ended, and run the command again.`,
    });
    expect(requests).toEqual(['/encoder.onnx']);
    proceed();
    expect((await first).map(({ state }) => state)).toEqual(['pulled', 'pulled']);
    expect((await pull(modelAt(address, pinned))).map(({ state }) => state)).toEqual([
      'already there',
      'already there',
    ]);
  });

  it('says what to do where there is no network', async () => {
    const closed = modelAt('http://127.0.0.1:1', pinned);
    await expect(pull(closed)).rejects.toMatchObject({ message: expect.stringMatching(/cannot be reached.*--from/) });
  });

  it('says so when the disk is full', async () => {
    await mkdir(place(), { recursive: true });
    await symlink('/dev/full', place('encoder.onnx.part'));
    await expect(pull(modelAt(address, pinned))).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('no room left'),
    });
  });
});

describe('offline', () => {
  it('fetches nothing, neither from the publisher nor from a mirror', async () => {
    for (const from of [undefined, address]) {
      await expect(pull(modelAt(address, pinned), { offline: true, from })).rejects.toMatchObject({
        message: expect.stringMatching(/KONTUR_OFFLINE is true.*--from/),
      });
    }
    expect(requests).toEqual([]);
  });

  it('takes files from a folder, or from the folder of models of another machine', async () => {
    const flat = join(folder, 'flat');
    await mkdir(flat);
    await writeFile(join(flat, 'encoder.onnx'), ENCODER);
    await writeFile(join(flat, 'decoder.onnx'), DECODER);
    await pull(modelAt(address, pinned), { offline: true, from: flat });

    const first = modelsDir;
    modelsDir = join(folder, 'second');
    await pull(modelAt(address, pinned), { offline: true, from: first });
    expect(await filesHere()).toEqual(['decoder.onnx', 'encoder.onnx']);
    await expect(pull(modelAt(address), { offline: true, from: join(folder, 'nothing') })).rejects.toThrow(
      /There is no .*encoder.onnx/,
    );
    expect(requests).toEqual([]);
  });
});

describe('a checksum that is not known', () => {
  it('is confirmed once, and then remembered', async () => {
    const asked: string[] = [];
    const confirm: PullOptions['confirm'] = async ({ name, sha256: sum, bytes }) => {
      asked.push(`${name} ${sum} ${bytes}`);
      return true;
    };
    await pull(modelAt(address), { confirm });
    expect(asked).toEqual([
      `encoder.onnx ${sha256(ENCODER)} ${ENCODER.length}`,
      `decoder.onnx ${sha256(DECODER)} ${DECODER.length}`,
    ]);
    expect(await pull(modelAt(address))).toMatchObject([{ state: 'already there' }, { state: 'already there' }]);
    const files = await findModelFiles(modelAt(address), modelsDir);
    expect(files.map(({ checksum }) => checksum)).toEqual([
      { origin: 'confirmed', sha256: sha256(ENCODER) },
      { origin: 'confirmed', sha256: sha256(DECODER) },
    ]);

    await writeFile(place('encoder.onnx'), 'damaged');
    expect(await Promise.all((await findModelFiles(modelAt(address), modelsDir)).map(checkModelFile))).toEqual([
      'damaged',
      'fine',
    ]);
    await pull(modelAt(address));
    expect((await readFile(place('encoder.onnx'))).equals(ENCODER)).toBe(true);
  });

  it('keeps the file from its name until it is confirmed, but need not fetch it again', async () => {
    await expect(pull(modelAt(address), { confirm: async () => false })).rejects.toMatchObject({
      message: expect.stringContaining(`--accept-checksum ${sha256(ENCODER)}`),
    });
    expect(await filesHere()).toEqual(['encoder.onnx.part', 'encoder.onnx.part.json']);
    requests = [];
    await pull(modelAt(address), { confirm: async () => true });
    expect(requests).toEqual([`/encoder.onnx bytes=${ENCODER.length}-`, '/decoder.onnx']);
  });

  it('keeps a model from being opened, as a missing file does', async () => {
    await expect(openModel('edgesam', modelsDir)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /not complete: there is no .*edge_sam_3x_encoder.onnx.*kontur models pull edgesam/,
      ),
    });
    await mkdir(place(), { recursive: true });
    for (const half of ['encoder', 'decoder']) await writeFile(place(`edge_sam_3x_${half}.onnx`), half);
    await expect(openModel('edgesam', modelsDir)).rejects.toMatchObject({
      message: expect.stringMatching(/Nobody has confirmed.*edge_sam_3x_encoder.onnx.*kontur models pull edgesam/),
    });
    await expect(openModel('sam3', modelsDir)).rejects.toThrow(/There is no model sam3.*mobilesam, sam-vit-b/);
  });
});
