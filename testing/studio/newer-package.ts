import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../server-process.ts';

/** Kontur as it would be after an update: another page, whose files have other names. */
export interface NewerPackage {
  /** Its `kontur` program. */
  program: string;
  remove(): void;
}

/** Copies what this project has built, and changes the page: the files that the former page would load are gone. */
export function makeNewerPackage(): NewerPackage {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-newer-'));
  for (const part of ['bin', 'dist', 'lib', 'migrations', 'package.json']) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const studio = path.join(folder, 'dist', 'studio');
  appendFileSync(path.join(studio, 'index.html'), '<!-- newer -->\n');
  for (const name of readdirSync(path.join(studio, 'assets'))) rmSync(path.join(studio, 'assets', name));
  return {
    program: path.join(folder, 'bin', 'kontur.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
