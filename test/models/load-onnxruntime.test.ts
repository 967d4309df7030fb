import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';

const MODULE = new URL('../../src/models/load-onnxruntime.ts', import.meta.url);

/** Runs a program in a new process, since the library checks only once per process. */
async function inProcess(program: string): Promise<unknown> {
  const code = `const { loadOnnxruntime } = await import(${JSON.stringify(MODULE)}); ${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', code]);
  return JSON.parse(stdout);
}

const TENSOR = `const { Tensor } = await loadOnnxruntime();
  const { data } = new Tensor('float16', Uint16Array.of(1, 2), [2]);`;

it('keeps 16-bit floats as their bits, where Node has an array for them as well', async () => {
  const program = `globalThis.Float16Array = class Halves extends Uint16Array {}; ${TENSOR}
    console.log(JSON.stringify([data.constructor.name, Float16Array.name]));`;
  expect(await inProcess(program)).toEqual(['Uint16Array', 'Halves']);
});

it('leaves the globals as they are', async () => {
  const program = `const before = Object.getOwnPropertyNames(globalThis); ${TENSOR}
    const after = Object.getOwnPropertyNames(globalThis);
    console.log(JSON.stringify([data.constructor.name, after.filter((name) => !before.includes(name)), before.length === after.length]));`;
  expect(await inProcess(program)).toEqual(['Uint16Array', [], true]);
});
