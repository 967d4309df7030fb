import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECTS } from './testing/projects.ts';

const NAMES = PROJECTS.map(({ name }) => name);

/**
 * Runs one project after another, so that what a process of a project has loaded serves the next file; within each the
 * longest file first.
 */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project }: TestSpecification) => NAMES.indexOf(project.name);
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

/** Limits are there for what hangs: a test that a busy machine holds up for minutes has not failed. */
const LIMIT_MS = 300_000;
/** Limit of a test that runs a whole tool. */
const TOOL_LIMIT_MS = 900_000;

const CONDITIONS = '--conditions=kontur-source';

export default defineConfig({
  // What a browser shares is imported by the name of its folder (package.json, "imports"); tests run the sources.
  resolve: { alias: [{ find: /^#(.+)$/, replacement: `${import.meta.dirname}/src/$1.ts` }] },
  test: {
    hookTimeout: LIMIT_MS,
    expect: { poll: { timeout: LIMIT_MS, interval: 20 } },
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
          testTimeout: name === 'tools' ? TOOL_LIMIT_MS : LIMIT_MS,
          // A process loads what a project needs once, and not for each file.
          isolate: false,
          pool: pure ? 'threads' : 'forks',
          // The budget is that of Node 22. With that of Node 20, each process that opens PGlite spends a second of a
          // core on optimising its WebAssembly. A thread takes no such option.
          execArgv: pure ? [CONDITIONS] : [CONDITIONS, '--wasm-tiering-budget=13000000'],
        },
      }),
    ),
  },
});
