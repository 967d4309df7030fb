import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { CHECKS }: { CHECKS: { promises: string[] } } = await import(path.join(root, 'scripts/checks.mjs'));

/** Each line is a promise that nothing waits for, or that is taken for a value. */
const LOST = [
  'work();',
  "readFile('/etc/hosts');",
  'table.go().then(() => 1);',
  'given(3);',
  'maybe.start();',
  'maybe.stop?.();',
  'Promise.all([work()]);',
  'new Promise((resolve) => resolve(1));',
  'app.listen({ port: 1 });',
  'createSingleFlight<number>().join("a", work);',
  '[1, 2].map(() => work());',
  '[1, 2].forEach(async () => void (await work()));',
  'emitter.on("message", async () => void (await work()));',
  'try { work(); } catch {}',
  'try { throw 1; } finally { work(); }',
  'if (work()) table.go;',
  'await 3;',
];

const KEPT = [
  'await work();',
  'void work();',
  'work().catch(() => {});',
  'work().then(String, String);',
  'emitter.on("message", () => void work());',
  'await Promise.all([1, 2].map(() => work()));',
  'const later = work();',
  'export const awaited = await later;',
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kontur-promises-'));
  const compilerOptions = { typeRoots: [path.join(root, 'node_modules/@types')] };
  const config = { extends: path.join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true }));

it('every planted promise that is lost is found', async () => {
  const { failed, lines } = await check('lost.ts', LOST);
  expect(failed).toBe(true);
  expect(lines).toEqual(LOST);
});

it('promises that are awaited, caught or left on purpose are let be', async () => {
  expect(await check('kept.ts', KEPT)).toEqual({ failed: false, lines: [] });
});

/** Runs the check of `npm test` on a module of these statements: whether it failed, and at which of them. */
async function check(name: string, statements: string[]): Promise<{ failed: boolean; lines: string[] }> {
  const module = [
    "import type { EventEmitter } from 'node:events';",
    "import { readFile } from 'node:fs/promises';",
    `import type { FastifyInstance } from '${path.join(root, 'node_modules/fastify/fastify.js')}';`,
    `import { createSingleFlight } from '${path.join(root, 'src/runtime/single-flight.ts')}';`,
    'async function work(): Promise<number> { return (await readFile("a")).length; }',
    'const table = { async go(): Promise<void> { await work(); } };',
    'declare const given: (x: number) => Promise<string>;',
    'declare const maybe: { start(): Promise<void> | undefined; stop?: () => Promise<void> };',
    'declare const app: FastifyInstance;',
    'declare const emitter: EventEmitter;',
    ...statements,
  ];
  const file = path.join(folder, name);
  await writeFile(file, module.join('\n'));
  const run = await new Promise<{ code: number | string | undefined; output: string }>((resolve) => {
    execFile(process.execPath, [...CHECKS.promises, '--format=unix', file], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    );
  });
  const found = [...run.output.matchAll(/^.*\.ts:(\d+):\d+:/gm)].map(([, line]) => module[Number(line) - 1] ?? '');
  return { failed: run.code === 1, lines: found };
}
