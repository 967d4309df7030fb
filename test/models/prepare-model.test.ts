import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOBILE_SAM } from '../../src/models/catalogue.ts';
import { isOptimised } from '../../src/models/graphs/optimise-graph.ts';
import { openSession } from '../../src/models/open-session.ts';
import { prepareDecoder, prepareEncoder } from '../../src/models/prepare-model.ts';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

async function onlyFile(): Promise<string> {
  const files = await readdir(cacheDir);
  expect(files).toHaveLength(1);
  return join(cacheDir, files[0]!);
}

describe.each([
  {
    name: 'prepareDecoder',
    precision: undefined,
    file: /mobilesam-decoder-v\d+-ort[\d.]+-[0-9a-f]{8}-800b1500d3e4422f-[0-9a-f]{32}\.ort$/,
  },
  {
    name: 'prepareEncoder',
    precision: 'int8',
    file: /mobilesam-encoder-int8-1024x1024-v\d+-ort[\d.]+-[0-9a-f]{8}-18348d144bd35728-[0-9a-f]{32}\.ort$/,
  },
  {
    name: 'prepareEncoder',
    precision: 'fp32',
    file: /mobilesam-encoder-fp32-1024x1024-v\d+-ort[\d.]+-[0-9a-f]{8}-18348d144bd35728-[0-9a-f]{32}\.ort$/,
  },
] as const)('$name $precision', ({ name, precision, file }) => {
  const prepare = () =>
    name === 'prepareDecoder'
      ? prepareDecoder(MOBILE_SAM, cacheDir)
      : prepareEncoder(MOBILE_SAM, cacheDir, { precision });

  it('leaves the graph in the cache folder and takes it from there', async () => {
    const prepared = await prepare();
    const path = await onlyFile();
    expect(path).toMatch(file);
    expect(Buffer.compare(await readFile(path), prepared)).toBe(0);

    const { ino, mtimeMs } = await stat(path);
    expect(Buffer.compare(await prepare(), prepared)).toBe(0);
    expect(await stat(path)).toMatchObject({ ino, mtimeMs });
  });

  it.each([
    ['cut short', (content: Buffer) => content.subarray(0, content.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (content: Buffer) => content.fill(content[5000]! ^ 1, 5000, 5001)],
  ])('prepares a graph again that is %s', async (_, damage) => {
    await prepare();
    const path = await onlyFile();
    const damaged = Buffer.from(damage(await readFile(path)));
    await writeFile(path, damaged);

    const prepared = await prepare();
    expect(Buffer.compare(prepared, damaged)).not.toBe(0);
    expect(await onlyFile()).toMatch(
      new RegExp(`-${createHash('sha256').update(prepared).digest('hex').slice(0, 32)}`),
    );
    expect(Buffer.compare(await readFile(await onlyFile()), prepared)).toBe(0);
    await (await openSession(prepared, { threads: 1 })).release();
  });

  it('may run in several processes at once', async () => {
    const module = new URL('../../src/models/', import.meta.url);
    const program = `
      const { ${name} } = await import(${JSON.stringify(new URL('prepare-model.ts', module))});
      const { MOBILE_SAM } = await import(${JSON.stringify(new URL('catalogue.ts', module))});
      const { openSession } = await import(${JSON.stringify(new URL('open-session.ts', module))});
      const graph = await ${name}(MOBILE_SAM, ${JSON.stringify(cacheDir)}, ${JSON.stringify(precision && { precision })});
      await (await openSession(graph, { threads: 1 })).release();`;
    const run = () => promisify(execFile)(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', program]);
    await Promise.all([run(), run(), run(), run()]);
    const { ino } = await stat(await onlyFile());
    await prepare();
    expect((await stat(await onlyFile())).ino).toBe(ino);
  });
});

it('keeps the encoders of both precisions side by side', async () => {
  await prepareEncoder(MOBILE_SAM, cacheDir, { precision: 'int8' });
  await prepareEncoder(MOBILE_SAM, cacheDir, { precision: 'fp32' });
  expect(await readdir(cacheDir)).toHaveLength(2);
});

it('prepares ONNX files for providers other than the processor', async () => {
  const graph = await prepareDecoder(MOBILE_SAM, cacheDir, 'cuda');
  expect(await onlyFile()).toMatch(/mobilesam-decoder-v\d+-800b1500d3e4422f-[0-9a-f]{32}\.onnx$/);
  expect(isOptimised(graph)).toBe(false);
});

describe('model files', () => {
  it('are refused when they are not what the catalogue says', async () => {
    const model = { ...MOBILE_SAM, encoder: { ...MOBILE_SAM.encoder, sha256: '0'.repeat(64) } };
    await expect(prepareEncoder(model, cacheDir, { precision: 'fp32' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/mobilesam\/encoder.onnx is damaged.*install Kontur again/),
    });
  });

  it('are named when they are missing', async () => {
    const decoder = { path: 'no-such-model/decoder.onnx', sha256: '0'.repeat(64) };
    await expect(prepareDecoder({ ...MOBILE_SAM, decoder }, cacheDir)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no-such-model/decoder.onnx cannot be read'),
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });
});
