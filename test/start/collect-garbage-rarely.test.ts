import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('sets nothing that this version of V8 does not know, which it would say on stderr', async () => {
  const module = JSON.stringify(new URL('../../dist/start/collect-garbage-rarely.js', import.meta.url));
  const run = (program: string) => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(await run(`import { collectGarbageRarely } from ${module}; collectGarbageRarely();`)).toEqual({
    stdout: '',
    stderr: '',
  });
  const { stderr } = await run(`import v8 from 'node:v8'; v8.setFlagsFromString('--no-such-flag');`);
  expect(stderr).toContain('unrecognized flag');
});
