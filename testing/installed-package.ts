import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './server-process.ts';

const run = promisify(execFile);
const WINDOWS = process.platform === 'win32';

/** Kontur as a user has it who ran `npm install -g` on the package that `npm pack` writes. */
export interface InstalledPackage {
  /** Folder that an empty working folder, a home and the like may be made in. */
  base: string;
  /** Size of the file that `npm pack` wrote. */
  packedBytes: number;
  /** What npm said while it installed. */
  installOutput: string;
  /** Folder of the packages that were installed for it. */
  modules: string;
  /** Folder with the command `kontur`. */
  bin: string;
  remove(): void;
}

/**
 * Packs a clone of this project that nothing has been built in, and installs it as a user would, with no flag but the
 * place.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const base = mkdtempSync(path.join(os.tmpdir(), 'kontur-install-'));
  const tarball = await pack(await cloneProject(path.join(base, 'clone')), base);
  const prefix = path.join(base, 'prefix');
  const { stdout, stderr } = await run('npm', ['install', '--global', '--prefix', prefix, tarball], {
    cwd: base,
    env: npmEnvironment(),
    shell: WINDOWS,
  });
  const lib = path.join(prefix, WINDOWS ? '' : 'lib', 'node_modules');
  return {
    base,
    packedBytes: statSync(tarball).size,
    installOutput: stdout + stderr,
    modules: lib,
    bin: WINDOWS ? prefix : path.join(prefix, 'bin'),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** That of a user who types `npm install` where npm has been used before, and not of a script that npm runs. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const own = /^npm_config_(cache|userconfig|globalconfig|registry)$/;
  const kept = Object.entries(process.env).filter(([name]) => own.test(name) || !/^npm_/i.test(name));
  return { ...Object.fromEntries(kept), npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' };
}

/** A copy of what git has or would take, with the packages of this project. */
async function cloneProject(folder: string): Promise<string> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of listed.stdout.split('\0').filter((each) => each !== '')) {
    // Git also lists what has just been deleted.
    const file = path.join(root, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) cpSync(file, path.join(folder, name));
  }
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(path.join(root, 'node_modules')).filter((each) => !each.startsWith('.')))
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
  const mark = "import { markInstalled } from './scripts/ensure-ready.mjs'; markInstalled();";
  await run(process.execPath, ['--input-type=module', '-e', mark], { cwd: folder });
  return folder;
}

async function pack(clone: string, to: string): Promise<string> {
  await run('npm', ['pack', '--pack-destination', to], { cwd: clone, shell: WINDOWS, maxBuffer: 1 << 26 });
  const [tarball] = readdirSync(to).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote nothing');
  return path.join(to, tarball);
}
