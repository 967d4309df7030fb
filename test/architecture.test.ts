import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'src');

/** Runs in Node and in a browser, and is imported by name (`#contract/…`; package.json, "imports"). */
const PURE = ['contract', 'geometry', 'prompting', 'outputs'];
/** Knows nothing of photos. */
const KIT = ['runtime', 'config', 'telemetry'];

/**
 * The folders of `src/` that a folder may import from, in addition to itself; type imports count
 * (docs/architecture.md). What is missing is forbidden: an edge is added here with the reason for it, in the commit
 * that needs it.
 */
const ALLOWED: Record<string, string[]> = {
  contract: [],
  geometry: ['contract'],
  prompting: ['contract', 'geometry'],
  outputs: ['contract', 'geometry'],

  runtime: ['contract'],
  // Where this package is, which tells a clone of it from any other working folder.
  config: ['contract', 'runtime'],
  telemetry: ['contract'],

  imaging: ['contract', 'geometry', 'outputs'],
  models: [...PURE, 'runtime'],
  processes: ['contract', 'runtime', 'telemetry'],
  engine: [...PURE, 'runtime', 'telemetry', 'imaging', 'models', 'processes'],
  // Output formats of pixels, for the caller of the library.
  segment: [...PURE, 'runtime', 'config', 'imaging', 'models', 'engine'],

  database: ['contract', 'runtime'],
  blobs: ['contract', 'runtime', 'config'],

  auth: ['contract', ...KIT, 'database'],
  files: ['contract', 'runtime', 'telemetry', 'database', 'blobs'],
  nodes: ['contract', 'database', 'files'],
  annotations: ['contract', 'runtime', 'telemetry', 'database', 'files'],
  'data-sets': ['contract', 'database', 'files'],
  labels: ['contract', 'database', 'files'],
  images: [...PURE, 'runtime', 'telemetry', 'engine', 'segment', 'database', 'blobs', 'auth', 'files'],
  jobs: ['contract', 'geometry', 'runtime', 'telemetry', 'database'],
  // A client of servers: knows nothing of how they work.
  transfer: ['contract', 'geometry', 'outputs'],

  http: [
    ...[...PURE, ...KIT],
    ...['imaging', 'engine', 'blobs'],
    ...['auth', 'files', 'nodes', 'annotations', 'labels', 'data-sets', 'images', 'jobs'],
  ],
  start: [
    ...[...PURE, ...KIT],
    ...['models', 'engine', 'segment', 'database', 'blobs'],
    ...['auth', 'files', 'nodes', 'annotations', 'labels', 'data-sets', 'images', 'jobs', 'http'],
  ],
  cli: [
    ...PURE,
    ...KIT,
    'imaging',
    'models',
    'processes',
    'engine',
    'segment',
    'database',
    'auth',
    'start',
    'transfer',
  ],
};
const MOST_LINES = 300;

/**
 * Files that may assert that a value exists (`values[i]!`), which neither the compiler nor the run time checks.
 * Everywhere else a missing value is handled, or is an error that names it (`contract/defined.ts`).
 */
const UNCHECKED_VALUES: Record<string, string[]> = {
  'loops over samples, pixels or bytes, or over pairs of vertices, whose bounds stand in the loop': [
    'engine/half-float.ts',
    'engine/normalise-image.ts',
    ...['contour-logits', 'fit-ring', 'logit-at', 'logit-grid', 'logits-iou', 'place-in-mask', 'rasterise'].map(
      inGeometry,
    ),
    ...['see-through-window', 'simplify-ring', 'upsample-logits'].map(inGeometry),
    ...['plane-shape', 'relate-shapes', 'walk-edge'].map((name) => `files/geo-location/${name}.ts`),
    'http/plugins/measure-json.ts',
    ...['bit-segment', 'count-units', 'huffman-table', 'read-jpeg-markers'].map((name) => `imaging/jpeg/${name}.ts`),
    'imaging/use-sample-range.ts',
    'models/flavours/fill-masks.ts',
    'models/mobilesam/decoder/masks.ts',
    'models/mobilesam/decoder/positions.ts',
    'models/mobilesam/tinyvit/quantise-columns.ts',
    'models/mobilesam/tinyvit/split-qkv.ts',
  ],
  'graphs, whose shapes are fixed: a wrong one is refused when the session opens': [
    'models/graphs/graph-builder.ts',
    'models/graphs/graph-operations.ts',
    'models/mobilesam/decoder/attention.ts',
    'models/mobilesam/decoder/click-tokens.ts',
    'models/mobilesam/decoder/image-tokens.ts',
    'models/mobilesam/shipped-weights.ts',
    ...[
      'convolution-stem',
      'feed-forward',
      'fill-square',
      'linears',
      'token-layout',
      'window-attention',
      'winograd',
    ].map(inTinyVit),
  ],
};

function inGeometry(name: string): string {
  return `geometry/${name}.ts`;
}

function inTinyVit(name: string): string {
  return `models/mobilesam/tinyvit/${name}.ts`;
}

interface SourceFile {
  name: string;
  folder: string;
  text: string;
  imports: string[];
}

const folderOf = (name: string) => name.split('/')[0] ?? '';

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(path.sep).join('/'))
  .map((name): SourceFile => {
    const text = readFileSync(path.join(source, name), 'utf8');
    const imports = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
    return { name, folder: folderOf(name), text, imports };
  });

/** Imports of own files, as their names in `src/`: relative ones, and those by the name of a folder. */
const ownImports = (file: SourceFile) =>
  file.imports.flatMap((name) => {
    if (name.startsWith('#')) return [`${name.slice(1)}.ts`];
    return name.startsWith('.') ? [path.posix.join(path.posix.dirname(file.name), name)] : [];
  });

/** What is left of a file's imports at run time: own files by their names in `src/`, packages by theirs. */
function runtimeImports(file: SourceFile): string[] {
  const { statements } = ts.createSourceFile(file.name, file.text, ts.ScriptTarget.Latest);
  const names = statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const isType = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const from = statement.moduleSpecifier;
    return isType || from === undefined || !ts.isStringLiteral(from) ? [] : [from.text];
  });
  return [
    ...ownImports({ ...file, imports: names }),
    ...names.filter((name) => !name.startsWith('.') && !name.startsWith('#')),
  ];
}

describe('walls between folders', () => {
  it('every folder of src stands in the table', () => {
    const folders = readdirSync(source);
    expect(folders.filter((name) => !(name in ALLOWED))).toEqual([]);
  });

  it('a folder imports only from those that the table allows it', () => {
    const offenders = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => folderOf(target) !== file.folder && !ALLOWED[file.folder]?.includes(folderOf(target)))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  it('imports name a file that is there, with its extension', () => {
    const known = new Set(files.map((file) => file.name));
    const offenders = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => !known.has(target))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  it('what a browser shares is imported by the name of its folder, and nothing else is', () => {
    const offenders = files.flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith('.') || name.startsWith('#'))
        .filter((name) => {
          if (name.startsWith('#')) return !PURE.includes(folderOf(name.slice(1)));
          const target = folderOf(path.posix.join(path.posix.dirname(file.name), name));
          return PURE.includes(target) && target !== file.folder;
        })
        .map((name) => `${file.name} imports ${name}`),
    );
    expect(offenders).toEqual([]);
  });
});

describe('what a browser shares', () => {
  const shared = files.filter((file) => PURE.includes(file.folder));

  it('imports no module of Node, by any name', () => {
    const offenders = shared.flatMap((file) =>
      file.imports.filter((name) => isBuiltin(name)).map((name) => `${file.name} imports ${name}`),
    );
    expect(offenders).toEqual([]);
  });

  it.each(['tsconfig.pure.json', 'tsconfig.browser.json'])(
    'compiles with %s, so no global of Node is used',
    (config) => {
      expect(typeErrors(path.join(root, config))).toEqual([]);
    },
  );

  it('loads no schema library but where a schema is: geometry, prompting and outputs bring none', () => {
    const loads = (name: string, seen = new Set<string>()): string[] => {
      if (seen.has(name)) return [];
      seen.add(name);
      const file = files.find((known) => known.name === name);
      const imports = file === undefined ? [] : runtimeImports(file);
      return imports.flatMap((target) => (target.endsWith('.ts') ? loads(target, seen) : [`${name} loads ${target}`]));
    };
    const offenders = shared.filter(({ folder }) => folder !== 'contract').flatMap(({ name }) => loads(name));
    expect(offenders).toEqual([]);
    expect(loads('contract/vision/segment-job.ts')).toContain('contract/vision/segment-job.ts loads typebox');
    expect(loads('contract/limits.ts')).toEqual([]);
  });

  it('a global of Node would be found', () => {
    const probe = path.join(source, 'geometry', 'probe.ts');
    const text = 'export const where = [process.cwd(), Buffer.from("a"), __dirname, setImmediate];';
    expect(typeErrors(path.join(root, 'tsconfig.pure.json'), { name: probe, text })).toHaveLength(4);
  });
});

it('no import cycle, type imports included', () => {
  const graph = new Map(files.map((file) => [file.name, ownImports(file)]));
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

it('the SDK of the store is loaded where a bucket is opened, and nowhere else', () => {
  const offenders = files.filter(({ text }) => /^import (?!type )[^;]*'@aws-sdk\//m.test(text));
  expect(offenders.map((file) => file.name)).toEqual([]);
});

describe('files', () => {
  it(`none is longer than ${MOST_LINES} lines`, () => {
    const long = files.filter((file) => file.text.split('\n').length > MOST_LINES + 1).map((file) => file.name);
    expect(long).toEqual([]);
  });

  it('comments are within 120 characters, as the formatter keeps code', () => {
    const long = files.flatMap(({ name, text }) =>
      text.split('\n').flatMap((line, index) => {
        return line.length > 120 && /^\s*(\/\/|\/?\*)/.test(line) ? `${name}:${index + 1}` : [];
      }),
    );
    expect(long).toEqual([]);
  });

  it('names are kebab-case, and none but the face of the package is a barrel', () => {
    const odd = files.filter((file) => {
      const base = path.posix.basename(file.name).replace(/(\.d)?\.ts$/, '');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) || base === 'index';
    });
    const barrels = files.filter(
      (file) => file.name !== 'segment/library.ts' && /^export (\*|\{[^}]*\}) from /m.test(file.text),
    );
    expect([...odd, ...barrels].map((file) => file.name)).toEqual([]);
  });

  it('every folder has a README of a few lines', () => {
    const folders = new Set(files.map((file) => path.posix.dirname(file.name)));
    const missing = [...folders].filter((folder) => !existsSync(path.join(source, folder, 'README.md')));
    expect(missing).toEqual([]);
  });

  it('only the composition root and the command line read settings from the environment', () => {
    const allowed = /^(start|cli)\//;
    const reads = /process\.env(\.|\[)(?!ORT_DISABLE_TELEMETRY = )/;
    const offenders = files.filter((file) => !allowed.test(file.name) && reads.test(file.text));
    expect(offenders.map((file) => file.name)).toEqual([]);
  });
});

describe('values that may be missing', () => {
  const unchecked = files.filter((file) => assertsValue(file.name, file.text)).map((file) => file.name);

  it('only the files that the table names take it for granted that one is there', () => {
    expect(unchecked.toSorted()).toEqual(Object.values(UNCHECKED_VALUES).flat().toSorted());
  });

  it.each([
    ['const a = list[0]!;', true],
    ['const a = (list[0])!.name;', true],
    ['const a = list[0]![1];', true],
    ['const a = list[0]!.name + map.get(1)!;', true],
    ['const a = map.get(1)!;', true],
    ['use(name!);', true],
    ['let a!: number;', false],
    ['const a = list[0] !== undefined ? list[0] : "]!";', false],
    ['const a = list[0]?.name; // list[0]!', false],
  ])('%s is one: %s', (text, isOne) => {
    expect(assertsValue('probe.ts', text)).toBe(isOne);
  });

  it('the compiler counts with one that is not there, in every project', () => {
    const projects = readdirSync(root).filter((name) => /^tsconfig\..*json$|^tsconfig\.json$/.test(name));
    const lax = projects.filter((name) => {
      const { config } = ts.readConfigFile(path.join(root, name), ts.sys.readFile);
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
      return options.noUncheckedIndexedAccess !== true;
    });
    expect(projects).toContain('tsconfig.json');
    expect(lax).toEqual([]);
  });
});

describe('the studio', () => {
  const studio = path.join(root, 'studio', 'src');
  const sources = readdirSync(studio, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('openapi.d.ts'))
    .map((name) => {
      const text = readFileSync(path.join(studio, name), 'utf8');
      return { name, text, imports: ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName) };
    });

  it('imports of the server what a browser shares alone, and that by name', () => {
    expect(sources.length).toBeGreaterThan(40);
    const offenders = sources.flatMap(({ name, imports }) =>
      imports
        .filter((target) => {
          if (target.startsWith('#')) return !PURE.includes(folderOf(target.slice(1)));
          return target.startsWith('.')
            ? path.posix.join(path.posix.dirname(name), target).startsWith('..')
            : isBuiltin(target);
        })
        .map((target) => `${name} imports ${target}`),
    );
    expect(offenders).toEqual([]);
  });

  it('names no other host', () => {
    const known = ['http://www.w3.org/', 'http://127.0.0.1:8321'];
    const offenders = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\bhttps?:\/\/[^\s'"`]+/g)]
        .map(([address]) => address)
        .filter((address) => !known.some((start) => address.startsWith(start)))
        .map((address) => `${name}: ${address}`),
    );
    expect(offenders).toEqual([]);
  });

  it.each(sources.map(({ name, text }) => [name, text.split('\n').length] as const))(
    '%s has at most 300 lines',
    (_, lines) => {
      expect(lines).toBeLessThanOrEqual(MOST_LINES);
    },
  );

  it('has every text in every language, with the same gaps', () => {
    type Texts = { [key: string]: string | Texts };
    const flat = (texts: Texts, at = ''): [string, string][] =>
      Object.entries(texts).flatMap(([key, value]) =>
        typeof value === 'string' ? [[`${at}${key}`, value]] : flat(value, `${at}${key}.`),
      );
    const read = (language: string) =>
      new Map(flat(JSON.parse(readFileSync(path.join(studio, 'text', `${language}.json`), 'utf8')) as Texts));
    const gaps = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([gap]) => gap).sort();
    const [english, german] = [read('en'), read('de')];
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) expect({ key, gaps: gaps(german.get(key)) }).toEqual({ key, gaps: gaps(text) });
  });
});

/** Whether a source asserts that a value is there, in the way of `list[0]!`. */
function assertsValue(name: string, text: string): boolean {
  const isOne = (node: ts.Node): boolean => ts.isNonNullExpression(node) || (ts.forEachChild(node, isOne) ?? false);
  return isOne(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
}

/** Messages of the compiler on a project, with one more file in it. */
function typeErrors(config: string, extra?: { name: string; text: string }): string[] {
  const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(String(messageText));
      },
    },
  ) ?? { options: {}, fileNames: [] };
  const host = ts.createCompilerHost(options);
  if (extra) {
    const { readFile, fileExists } = host;
    host.readFile = (name) => (name === extra.name ? extra.text : readFile(name));
    host.fileExists = (name) => name === extra.name || fileExists(name);
    const { getSourceFile } = host;
    host.getSourceFile = (name, target, ...rest) =>
      name === extra.name ? ts.createSourceFile(name, extra.text, target) : getSourceFile(name, target, ...rest);
  }
  const program = ts.createProgram(extra ? [...fileNames, extra.name] : fileNames, options, host);
  expect(program.getRootFileNames().length).toBeGreaterThan(40);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
