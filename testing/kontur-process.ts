import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, type Folders, root } from './server-process.ts';

/** A `kontur` process that runs until it is ended. */
export interface KonturProcess {
  process: ChildProcess;
  /** Output so far. */
  output(): string;
  /** Sends a signal and waits for the end. Returns the exit code, or null after being killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a `kontur` command and waits until it has written what matches `ready`. */
export async function startKonturProcess(
  command: string,
  folders: Folders,
  { env, ready }: { env: Record<string, string>; ready: RegExp },
): Promise<KonturProcess> {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'kontur.js'), command], {
    cwd: folders.home,
    env: environment(folders, env),
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;
  while (!ready.test(output)) {
    if (child.exitCode !== null) throw new Error(`kontur ${command} ended: ${output}`);
    await sleep(20);
  }
  return {
    process: child,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}
