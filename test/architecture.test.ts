import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'src');

/** A folder imports only from itself and from folders before it in this list (docs/architecture.md). */
const LAYERS = [
  'contract',
  'geometry',
  'config',
  'telemetry',
  'imaging',
  'models',
  'inference',
  'segment',
  'database',
  'blobs',
  'auth',
  'files',
  'instances',
  'upstream',
  'jobs',
  'http',
  'start',
  'cli',
];
/** Layers that also run in a browser and so import nothing of Node's. */
const WITHOUT_NODE = ['contract', 'geometry'];
const MOST_LINES = 300;

interface SourceFile {
  name: string;
  layer: string;
  text: string;
  imports: string[];
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(path.sep).join('/'))
  .map((name): SourceFile => {
    const text = readFileSync(path.join(source, name), 'utf8');
    const imports = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
    return { name, layer: name.split('/')[0]!, text, imports };
  });

const relativeImports = (file: SourceFile) =>
  file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file.name), name));

describe('layers', () => {
  test('every folder of src stands in the list', () => {
    expect(readdirSync(source).filter((name) => !LAYERS.includes(name))).toEqual([]);
  });

  test('imports go up the list only', () => {
    const offenders = files.flatMap((file) =>
      relativeImports(file)
        .filter((target) => LAYERS.indexOf(target.split('/')[0]!) > LAYERS.indexOf(file.layer))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  test('relative imports name a file that is there, with its extension', () => {
    const known = new Set(files.map((file) => file.name));
    const offenders = files.flatMap((file) =>
      relativeImports(file)
        .filter((target) => !known.has(target))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  test('what the browser shares imports nothing of Node', () => {
    const offenders = files
      .filter((file) => WITHOUT_NODE.includes(file.layer))
      .flatMap((file) =>
        file.imports.filter((name) => name.startsWith('node:')).map((name) => `${file.name} imports ${name}`),
      );
    expect(offenders).toEqual([]);
  });
});

test('no import cycle, type imports included', () => {
  const graph = new Map(files.map((file) => [file.name, relativeImports(file)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (name: string, trail: string[]): void => {
    if (trail.includes(name)) cycles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '));
    if (finished.has(name) || trail.includes(name)) return;
    for (const target of graph.get(name) ?? []) visit(target, [...trail, name]);
    finished.add(name);
  };
  for (const file of files) visit(file.name, []);
  expect(cycles).toEqual([]);
});

test('the SDK of the store is loaded where a bucket is opened, and nowhere else', () => {
  const offenders = files.filter(({ text }) => /^import (?!type )[^;]*'@aws-sdk\//m.test(text));
  expect(offenders.map((file) => file.name)).toEqual([]);
});

describe('files', () => {
  test(`none is longer than ${MOST_LINES} lines`, () => {
    const long = files.filter((file) => file.text.split('\n').length > MOST_LINES + 1).map((file) => file.name);
    expect(long).toEqual([]);
  });

  test('names are kebab-case, and none is a barrel', () => {
    const odd = files.filter((file) => {
      const base = path.posix.basename(file.name).replace(/(\.d)?\.ts$/, '');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) || base === 'index';
    });
    const barrels = files.filter((file) => /^export (\*|\{[^}]*\}) from /m.test(file.text));
    expect([...odd, ...barrels].map((file) => file.name)).toEqual([]);
  });

  test('every folder has a README of a few lines', () => {
    const folders = new Set(files.map((file) => path.posix.dirname(file.name)));
    const missing = [...folders].filter((folder) => !existsSync(path.join(source, folder, 'README.md')));
    expect(missing).toEqual([]);
  });

  test('only the composition root and the command line read settings from the environment', () => {
    const allowed = /^(start|cli)\//;
    const reads = /process\.env(\.|\[)(?!ORT_DISABLE_TELEMETRY = )/;
    const offenders = files.filter((file) => !allowed.test(file.name) && reads.test(file.text));
    expect(offenders.map((file) => file.name)).toEqual([]);
  });
});
