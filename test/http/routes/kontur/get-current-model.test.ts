import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CurrentModel } from '#contract/vision/current-model';
import { createEngine } from '../../../../src/engine/create-engine.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import { openSession } from '../../../../src/models/open-session.ts';
import { engineSettings } from '../../../../testing/engine-settings.ts';
import { createAnswerCheck } from '../../check-answer.ts';
import { type AccessApp, startAccessApp } from '../../start-access-app.ts';

const PATH = '/kontur/models/current';

let cacheDir: string;
let engine: Engine;
let t: AccessApp;
let current: CurrentModel;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'kontur-test-'));
  engine = createEngine({ settings: engineSettings({ cacheDir }), embeddingCacheBytes: 4_000_000 });
  t = await startAccessApp({}, { engine });
  const answer = await t.as('north', 'readers')({ url: PATH });
  createAnswerCheck((await t.app.inject('/openapi.json')).json())('GET', `/api/v1/projects/north${PATH}`, answer);
  expect(answer.statusCode).toBe(200);
  current = answer.json();
});
afterAll(async () => {
  await t?.close();
  await engine?.close();
  await rm(cacheDir, { recursive: true });
});

describe('the model in force', () => {
  it('is described with all that has to be the same elsewhere', async () => {
    expect(current).toEqual({
      ...(await engine.describe()),
      decoder: {
        flavour: 'mobilesam',
        takesLogits: true,
        url: `/studio/decoders/${current.decoder.sha256}.onnx`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        bytes: expect.any(Number),
      },
      preprocessing: { side: 1024, version: expect.any(Number), fit: 'pad' },
      embeddings: expect.stringMatching(/^mobilesam-p\d+-/),
      rules: { version: expect.stringMatching(/^[0-9a-f]{16}$/), detailWindows: true },
    });
  });

  it('is told to everyone who may read some photos, and to nobody else', async () => {
    expect((await t.as('north', 'set-6-readers')({ url: PATH })).statusCode).toBe(200);
    expect((await t.as('north', 'nobody')({ url: PATH })).statusCode).toBe(403);
    expect((await t.app.inject(`/api/v1/projects/north${PATH}`)).statusCode).toBe(401);
  });

  it('is none where no engine runs: 503', async () => {
    const app = await createApp({ ...t.test.dependencies, engine: undefined });
    const headers = { authorization: `Bearer ${t.test.token}` };
    expect((await app.inject({ url: `/api/v1/projects/demo${PATH}`, headers })).statusCode).toBe(503);
    expect((await app.inject(current.decoder.url!)).statusCode).toBe(404);
    await app.close();
  });
});

describe('the file of the decoder', () => {
  it('is what its name says, for anyone, for ever, and runs anywhere', async () => {
    const answer = await t.app.inject(current.decoder.url!);
    expect([answer.statusCode, answer.headers]).toMatchObject([
      200,
      {
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'application/octet-stream',
        'content-length': `${current.decoder.bytes}`,
        'cross-origin-resource-policy': 'same-origin',
      },
    ]);
    expect(createHash('sha256').update(answer.rawPayload).digest('hex')).toBe(current.decoder.sha256);
    const session = await openSession(answer.rawPayload, { threads: 1 });
    expect([[...session.halfInputs], session.outputNames]).toEqual([['image_embeddings'], ['masks4', 'iou4']]);
    await session.release();
  });

  it('is made again where the cache folder was emptied', async () => {
    const { path: file, sha256 } = (await engine.exportDecoder())!;
    await rm(file);
    expect((await t.app.inject(current.decoder.url!)).rawPayload).toHaveLength(current.decoder.bytes!);
    expect((await engine.exportDecoder())?.sha256).toBe(sha256);
  });

  it.each(['0'.repeat(64), '..%2f..%2fsecret', 'x'])('is not found by another name: %s', async (name) => {
    expect((await t.app.inject(`/studio/decoders/${name}.onnx`)).statusCode).toBe(404);
  });
});
