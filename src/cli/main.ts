import { endEarlyEngine, startEarlyEngine } from '../engine/early-engine.ts';

// All files of a command and its child processes are readable by their user only: photos, polygons, keys.
const umask = process.umask(0o077);

// `kontur segment` waits for the engine longest, so the engine starts before anything else is loaded.
if (process.argv[2] === 'segment') startEarlyEngine();
try {
  const { runProgram } = await import('./run-program.ts');
  await runProgram({ umask });
} finally {
  endEarlyEngine();
}
