import { fork } from 'node:child_process';
import { once } from 'node:events';
import { siblingModule } from '../src/runtime/sibling-module.ts';

/** The shipped graphs with onnxruntime's defaults (shipped-graphs.ts), in a child process. */
export interface ShippedGraphs {
  pid: number;
  /** `encode`: file to embedding; `decode`: one click on the image encoded last; `both`: one after the other. */
  run(task: 'encode' | 'decode' | 'both', file: string, point: { x: number; y: number }): Promise<void>;
  close(): void;
}

export async function startShippedGraphs(): Promise<ShippedGraphs> {
  const { url, execArgv } = siblingModule('shipped-graphs', import.meta.url);
  const child = fork(url, [], { execArgv });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process of the shipped graphs ended.');
  });
  ended.catch(() => {});
  const message = () => Promise.race([once(child, 'message'), ended]);
  await message();
  return {
    pid: child.pid!,
    async run(task, file, point) {
      child.send({ task, file, point });
      await message();
    },
    close: () => void child.kill(),
  };
}
