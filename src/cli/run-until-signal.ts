import type { Server } from '../start/start-server.ts';

/** A stop that takes longer is aborted: the sender of the signal would kill the process anyway. */
const STOP_LIMIT_MS = 9_500;

/**
 * Waits for SIGTERM, SIGINT or the failure of a part, then stops the server gracefully.
 *
 * @returns the exit code: 0 after a signal, 1 after a failure or an unfinished stop
 */
export async function runUntilSignal(server: Server): Promise<number> {
  let exitCode = 0;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await Promise.race([signalled, server.failure]).catch((error: Error) => {
    exitCode = 1;
    process.stderr.write(`The server cannot go on: ${error.message}\n`);
  });
  const limit = setTimeout(() => {
    process.stderr.write('The server did not stop in time; what was unfinished is taken up at the next start.\n');
    process.exit(1);
  }, STOP_LIMIT_MS);
  limit.unref();
  await server.close().catch((error: Error) => {
    exitCode = 1;
    process.stderr.write(`The server did not stop cleanly: ${error.message}\n`);
  });
  clearTimeout(limit);
  return exitCode;
}
