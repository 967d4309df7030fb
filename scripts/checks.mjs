import path from 'node:path';

/** A program of a package, from the root. */
export const bin = (name, file) => path.join('node_modules', name, file);

/**
 * Checks that `npm test` runs in parallel with the tests: arguments of Node, in the root of the project. The exit
 * status tells a failure.
 */
export const CHECKS = {
  types: [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json'],
  'types of studio/': [bin('typescript', 'bin/tsc'), '-p', 'studio/tsconfig.json'],
  'types of test/studio/': [bin('typescript', 'bin/tsc'), '-p', 'test/studio/tsconfig.json'],
  'types of suites/compat/': [bin('typescript', 'bin/tsc'), '-p', 'suites/compat/tsconfig.json'],
  // Biome's own rule does not see the promises of Node's modules (.oxlintrc.json has what this one looks for).
  promises: [bin('oxlint', 'bin/oxlint'), '--deny-warnings'],
  style: [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings'],
  'dead code': [bin('knip', 'bin/knip.js'), '--tsConfig', 'tsconfig.build.json'],
};
