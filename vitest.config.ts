import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECTS } from './testing/projects.ts';

const NAMES = PROJECTS.map(({ name }) => name);

/** Project after project, so that what a process of a project has loaded serves the next file; within each the longest file first. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project }: TestSpecification) => NAMES.indexOf(project.name);
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  // What a browser shares is imported by the name of its folder (package.json, "imports"); tests run the sources.
  resolve: { alias: [{ find: /^#(.+)$/, replacement: `${import.meta.dirname}/src/$1.ts` }] },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: InOrder },
    projects: PROJECTS.map(
      ({ name, files, pure, needs }, place): TestProjectInlineConfiguration => ({
        extends: true,
        test: {
          name,
          include: files,
          exclude: PROJECTS.slice(0, place).flatMap((earlier) => earlier.files),
          globalSetup: needs.map((need) => `testing/${need}.ts`),
          ...(pure
            ? { pool: 'threads', isolate: false, execArgv: ['--conditions=kontur-source'] }
            : {
                pool: 'forks',
                // V8's limit in Node 22. With that of Node 20, each file that opens PGlite spends a second of a core on
                // optimising its WebAssembly.
                execArgv: ['--conditions=kontur-source', '--wasm-tiering-budget=13000000'],
              }),
        },
      }),
    ),
  },
});
