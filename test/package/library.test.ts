import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
/** What is packed, but for the weights and the libraries, which take long to pack and have no types. */
let slim: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kontur-package-'));
  slim = path.join(folder, 'slim');
  const assets = path.join(root, 'dist', 'assets');
  for (const part of ['package.json', 'README.md', 'LICENSE', 'bin', 'lib', 'dist'])
    await cp(path.join(root, part), path.join(slim, part), { recursive: true, filter: (source) => source !== assets });
});
afterAll(() => rm(folder, { recursive: true }));

it('its package says of itself what is true', async () => {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const { messages } = await publint({ pkgDir: slim, strict: true });
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
});

it('its types are found by every way of resolving modules that can load it', async () => {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: slim });
  const tarball = await readFile(path.join(folder, stdout.trim().split('\n').at(-1) ?? ''));
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  // Resolution before `exports` does not count.
  const problems = result.types === false ? ['no types'] : result.problems.map(({ kind }) => kind);
  const unexpected = problems.filter((kind) => kind !== 'NoResolution');
  expect(unexpected).toEqual([]);
});

const PROGRAM = `
import { createSegmenter, type ErrorCode, KonturError, type Polygon, type Prompt, type Segment } from 'kontur-segment';

const prompt: Prompt = { points: [{ x: 0.5, y: 0.5 }], boundingBox: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 } };
const segmenter = await createSegmenter({ precision: 'fp32', threads: 2 });
const result = await segmenter.segment(new Uint8Array(), prompt, AbortSignal.timeout(1000));
const segments: Segment[] = result.segments;
const polygons: Polygon[] = segments.flatMap((segment) => segment.polygons);
export const first: { x: number; y: number } | undefined = polygons[0]?.vertices[0];
export const size: number = result.imageWidth * result.imageHeight;
const error = new KonturError('image-truncated', 'It ends too early.');
export const code: ErrorCode = error.code;
export const origin: 'request' | 'image' | 'outage' | 'fault' = error.origin;
await segmenter.close();

// @ts-expect-error a label is a number
await segmenter.segment('photo.jpg', { points: [{ x: 0, y: 0, label: 'foreground' }] });
// @ts-expect-error there is no such precision
await createSegmenter({ precision: 'int4' });
// @ts-expect-error there is no such error
new KonturError('no-such-error', '');
`;

it('a program in TypeScript is checked against its types, strictly', async () => {
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(root, path.join(folder, 'node_modules', 'kontur-segment'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  const file = path.join(folder, 'program.ts');
  await writeFile(file, PROGRAM);
  const program = ts.createProgram([file], {
    strict: true,
    noUncheckedIndexedAccess: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
    skipLibCheck: true,
    noEmit: true,
  });
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ file: where, messageText }) => `${where?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  expect(messages).toEqual([]);
});
