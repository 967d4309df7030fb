import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders that a browser shares: what is done with a prompt before, between and after the runs of the decoder. */
const SHARED = ['contract', 'geometry', 'outputs', 'prompting'];

/**
 * Computes the version of the rules: a hash of the code that a browser shares, as it runs here. The build of the studio
 * puts it into the page, so that a page of another version leaves prompts to the server.
 */
export async function readRulesVersion(): Promise<string> {
  known ??= hashFolders();
  return known;
}

let known: Promise<string> | undefined;

async function hashFolders(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256');
  for (const folder of SHARED) {
    const names = await readdir(path.join(root, folder), { recursive: true });
    for (const name of names.filter(isCode).sort()) {
      hash
        .update(`${folder}/${name.replaceAll(path.sep, '/')}\n`)
        .update(await readFile(path.join(root, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

const isCode = (name: string) => /(?<!\.d)\.[jt]s$/.test(name);
