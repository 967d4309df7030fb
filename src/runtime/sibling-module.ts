import { extname } from 'node:path';

/** A module of this program that runs in a child process or a worker thread. */
export interface SiblingModule {
  url: URL;
  /** Node flags that the module needs to be loaded. Undefined for a built module. */
  execArgv?: string[];
}

/** Node flags to run `.ts` files, and to resolve the names of folders (package.json, "imports") to them. */
export const SOURCE_FLAGS: readonly string[] = [
  '--conditions=kontur-source',
  '--import',
  new URL('../../scripts/run-sources.mjs', import.meta.url).href,
];

/**
 * Finds the module of that name next to the caller's: a source if the caller is one, as in tests and tools, otherwise
 * one of `dist`. So a process and its children always have the same version.
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
