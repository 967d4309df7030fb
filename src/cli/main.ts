import { endEarlyEngine, startEarlyEngine } from '../engine/early-engine.ts';

// Whatever a command and its child processes write is their user's alone: photos, polygons, keys.
const umask = process.umask(0o077);

// `kontur segment` waits for the engine longest, so it is on its way before anything else is loaded.
if (process.argv[2] === 'segment') startEarlyEngine();
try {
  const { runProgram } = await import('./run-program.ts');
  await runProgram({ umask });
} finally {
  endEarlyEngine();
}
