import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';

it('sets nothing that this version of V8 does not know, which it would say on stderr', async () => {
  const module = JSON.stringify(new URL('../../src/runtime/collect-garbage-rarely.ts', import.meta.url));
  const run = (program: string) =>
    promisify(execFile)(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', program]);
  expect(await run(`import { collectGarbageRarely } from ${module}; collectGarbageRarely();`)).toEqual({
    stdout: '',
    stderr: '',
  });
  const { stderr } = await run(`import v8 from 'node:v8'; v8.setFlagsFromString('--no-such-flag');`);
  expect(stderr).toContain('unrecognized flag');
});
