import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { PROJECTS, type Project } from '../testing/projects.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What no pure test may load: it starts processes, takes long to load, or cannot be ended in the middle of its work.
 */
const IMPURE =
  /^(node:child_process|node:worker_threads|pg|@electric-sql\/pglite|onnxruntime-node|fastify|fauxqs)(\/|$)|\/load-onnxruntime\.ts$/;

const testFiles = ['test', 'suites'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => [folder, ...name.split(path.sep)].join('/')),
);
const projectOf = (file: string): Project | undefined =>
  PROJECTS.find(({ files }) => files.some((glob) => path.matchesGlob(file, glob)));

it('every test file belongs to a project', () => {
  expect(testFiles.filter((file) => projectOf(file) === undefined)).toEqual([]);
});

it('every project has files, and every glob of it finds some', () => {
  const idle = PROJECTS.flatMap(({ files }) => files).filter(
    (glob) => !testFiles.some((file) => path.matchesGlob(file, glob)),
  );
  expect(idle).toEqual([]);
});

it('a pure test loads nothing that starts a process, and so can share one', () => {
  const offenders = testFiles
    .filter((file) => projectOf(file)?.pure)
    .flatMap((file) => impureImports(path.join(root, file)).map((trail) => trail.join(' imports ')));
  expect(offenders).toEqual([]);
});

it('what starts a process would be found, through however many files', () => {
  const [trail = []] = impureImports(path.join(root, 'test/start/restart.test.ts'));
  expect(trail.at(0)).toBe('test/start/restart.test.ts');
  expect(trail.at(-1)).toMatch(IMPURE);
});

/** The ways from a file to impure modules, by imports that are not of types alone. */
function impureImports(file: string, seen = new Set<string>()): string[][] {
  if (seen.has(file)) return [];
  seen.add(file);
  const loaded = readFileSync(file, 'utf8').replace(/^(import|export) type [^;]*;/gm, '');
  return ts.preProcessFile(loaded, true, true).importedFiles.flatMap(({ fileName }) => {
    const trails = IMPURE.test(fileName) ? [[fileName]] : [];
    if (fileName.startsWith('#'))
      trails.push(...impureImports(path.join(root, 'src', `${fileName.slice(1)}.ts`), seen));
    if (/^\..*\.ts$/.test(fileName)) trails.push(...impureImports(path.join(path.dirname(file), fileName), seen));
    return trails.map((trail) => [path.relative(root, file), ...trail]);
  });
}
