import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of a few tests that each run a whole tool for most of a minute: begun last, they would run on when all else is done. */
const LONGEST = /\/(test\/bench|suites\/acceptance|suites\/fuzz)\//;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // What a browser shares is imported by the name of its folder (package.json, "imports"); tests run the sources.
  resolve: { alias: [{ find: /^#(.+)$/, replacement: `${import.meta.dirname}/src/$1.ts` }] },
  test: {
    include: ['test/**/*.test.ts', 'suites/**/*.test.ts'],
    globalSetup: ['testing/start-databases.ts', 'testing/prepared-graphs.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // V8's limit in Node 22. With that of Node 20, each file that opens PGlite spends a second of a core on optimising its WebAssembly.
    execArgv: ['--conditions=kontur-source', '--wasm-tiering-budget=13000000'],
  },
});
