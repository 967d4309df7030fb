import { extname } from 'node:path';

/** A module of this program for a process or a thread of its own. */
export interface SiblingModule {
  url: URL;
  /** Flags of Node without which it cannot be loaded. Undefined for what is built. */
  execArgv?: string[];
}

/** Has Node run `.ts` files, and resolve the names of folders (package.json, "imports") to them. */
export const SOURCE_FLAGS: readonly string[] = [
  '--conditions=kontur-source',
  '--import',
  new URL('../../scripts/run-sources.mjs', import.meta.url).href,
];

/**
 * The module of that name beside the caller's, from where the caller runs: a source where that is one, as in tests and tools, else
 * from `dist`. So a process and its children are always of the same version.
 *
 * @param name without its extension
 * @param caller `import.meta.url` of the caller
 */
export function siblingModule(name: string, caller: string): SiblingModule {
  const extension = extname(caller);
  return {
    url: new URL(`./${name}${extension}`, caller),
    ...(extension === '.ts' && { execArgv: [...SOURCE_FLAGS] }),
  };
}
