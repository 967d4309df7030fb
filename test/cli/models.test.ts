import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyDataTemplate } from '../../testing/database-template.ts';
import { createFolders, runKontur } from '../../testing/server-process.ts';
import { decoderOf, type ExportShape, encoderOf } from '../models/flavours/export-graphs.ts';

/**
 * Graphs of the tests under the names of EdgeSAM's files. They draw on the mean colour of ImageNet, which the photo is
 * of.
 */
const SHAPE: ExportShape = {
  encoderInput: 'image',
  encoderOutputs: ['image_embeddings'],
  masks: [0, 1, 2, 3],
  padding: 'with points',
  takesMask: false,
  answers: { logits: 'masks', scores: 'scores' },
  colour: [0, 0, 0],
};
const FILES = { 'edge_sam_3x_encoder.onnx': encoderOf(SHAPE), 'edge_sam_3x_decoder.onnx': decoderOf(SHAPE) };
const CHECKSUMS = Object.values(FILES).map((content) => createHash('sha256').update(content).digest('hex'));

const folders = createFolders();
const mirror = path.join(folders.base, 'mirror');
const models = path.join(folders.data, 'models');
const photo = path.join(folders.base, 'photo.png');
beforeAll(async () => {
  // What refuses to start opens its database first.
  await copyDataTemplate(folders.data);
  mkdirSync(mirror);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(path.join(mirror, name), content);
  const background = { r: 124, g: 116, b: 104 };
  await sharp({ create: { width: 400, height: 300, channels: 3, background } }).toFile(photo);
});
afterAll(() => folders.remove());

const kontur = (args: string[], env: Record<string, string> = {}) => runKontur(args, folders, { env });
const confirming = CHECKSUMS.flatMap((sum) => ['--accept-checksum', sum]);

describe('kontur models', () => {
  it('list shows every model and which are here', async () => {
    const { stdout } = await kontur(['models', 'list']);
    expect(stdout).toMatch(/^\* +mobilesam +MobileSAM +Apache-2.0 AND MIT +in the package +\d/m);
    for (const name of ['sam-vit-b', 'efficientsam-s', 'edgesam', 'sam2.1-tiny', 'sam2.1-small']) {
      expect(stdout).toMatch(new RegExp(`^ +${name.replaceAll('.', '\\.')} .* not here`, 'm'));
    }
    const listed = JSON.parse((await kontur(['models', 'list', '--json'])).stdout);
    expect(listed).toHaveLength(6);
    expect(listed[0]).toMatchObject({ id: 'mobilesam', state: 'in the package', chosen: true });
    expect(listed[3].files[0]).toMatchObject({ name: 'edge_sam_3x_encoder.onnx', checksum: { origin: 'unknown' } });
  });

  it('pull does not use what nobody confirmed, and says how to', async () => {
    const { code, stderr } = await kontur(['models', 'pull', 'edgesam', '--from', mirror]);
    expect(code).toBe(1);
    expect(stderr).toContain(`--accept-checksum ${CHECKSUMS[0]}`);
    expect(stderr).toContain('LicenseRef-NTU-S-Lab-1.0');
    expect(stderr).not.toContain('    at ');
  });

  it('pull takes a confirmed model from a folder, without network; it can be chosen then', async () => {
    const pulled = await kontur(['models', 'pull', 'edgesam', '--from', mirror, ...confirming], {
      KONTUR_OFFLINE: 'true',
    });
    expect(pulled).toMatchObject({ code: 0, stdout: expect.stringContaining('KONTUR_MODEL=edgesam') });
    expect(JSON.parse(readFileSync(path.join(models, 'checksums.json'), 'utf8'))).toEqual({
      'edgesam/edge_sam_3x_encoder.onnx': CHECKSUMS[0],
      'edgesam/edge_sam_3x_decoder.onnx': CHECKSUMS[1],
    });
    const { code, stdout, stderr } = await kontur(['segment', photo, '--point', '0.5,0.5'], {
      KONTUR_MODEL: 'edgesam',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      imageWidth: 400,
      segments: [{ score: expect.closeTo(0.8) }, { score: expect.closeTo(0.7) }, { score: expect.closeTo(0.6) }],
    });
  });

  it('verify finds damage and missing files, with exit code 1 and what to do', async () => {
    const fine = await kontur(['models', 'verify']);
    expect(fine).toMatchObject({ code: 0, stderr: '' });
    expect(fine.stdout.match(/ fine /g)).toHaveLength(4);

    const encoder = path.join(models, 'edgesam', 'edge_sam_3x_encoder.onnx');
    writeFileSync(encoder, 'damaged');
    const damaged = await kontur(['models', 'verify', 'edgesam']);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toBe(
      `${encoder} is damaged or another version: run kontur models pull edgesam, which replaces it.\n`,
    );
    const segmenting = await kontur(['segment', photo, '--point', '0.5,0.5'], { KONTUR_MODEL: 'edgesam' });
    expect(segmenting.code).toBe(1);
    expect(segmenting.stderr).toMatch(/edge_sam_3x_encoder.onnx is damaged.*kontur models pull/);

    rmSync(encoder);
    expect((await kontur(['models', 'verify'])).stderr).toContain('is missing: run kontur models pull edgesam');
  });

  it.each([
    [['pull', 'sam3'], 1, /There is no model sam3.*edgesam/],
    [['pull', 'sam2.1-tiny'], 1, /published as an archive only: fetch https:.*--from/],
    [['pull', 'sam-vit-b'], 1, /KONTUR_OFFLINE is true/],
    [['pull', 'sam-vit-b', '--accept-checksum', 'abc'], 2, /abc is not a SHA-256/],
    [['pull'], 2, /missing required argument/],
  ])('%j is refused', async (args, code, message) => {
    const refused = await kontur(['models', ...args], args.includes('sam2.1-tiny') ? {} : { KONTUR_OFFLINE: 'true' });
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});

describe('kontur serve refuses to start', () => {
  it.each([
    ['with a model that there is not', { KONTUR_MODEL: 'sam3' }, /There is no model sam3.*kontur models list/],
    [
      'with a model that is not here',
      { KONTUR_MODEL: 'sam-vit-b' },
      /there is no .*sam_vit_b.*kontur models pull sam-vit-b/,
    ],
    ['with a provider that there is not', { KONTUR_PROVIDER: 'nonsense' }, /KONTUR_PROVIDER is nonsense, but .*cpu/],
    ['with a provider that does not load', { KONTUR_PROVIDER: 'cuda' }, /KONTUR_PROVIDER is cuda.*cpu/],
    [
      'in int8 where there is none',
      { KONTUR_PRECISION: 'int8', KONTUR_PROVIDER: 'cuda' },
      /KONTUR_PRECISION=int8 works for the model mobilesam/,
    ],
  ])('%s', async (_, env, message) => {
    const { code, stdout, stderr } = await kontur(['serve'], env);
    expect(code).toBe(1);
    // The address is printed before the engine is tried; that it can be used is not said.
    expect(stdout).not.toMatch(/Ready|listens/);
    expect(stderr).toMatch(message);
  });

  it('with a model file of another checksum', async () => {
    await kontur(['models', 'pull', 'edgesam', '--from', mirror]);
    writeFileSync(path.join(models, 'edgesam', 'edge_sam_3x_decoder.onnx'), 'other');
    const { code, stderr } = await kontur(['serve'], { KONTUR_MODEL: 'edgesam' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/edge_sam_3x_decoder.onnx is damaged.*kontur models pull/);
  });
});
