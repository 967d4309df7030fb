import { forkEngine } from '../engine/fork-engine.ts';

/** A prompt on the command line. Whatever else is wrong with it, the process that was forked in vain is ended below. */
const PROMPT = /^--(point|box)\b/;

// Whatever a command and its child processes write is their user's alone: photos, polygons, keys.
const umask = process.umask(0o077);

// `kontur segment` waits for the engine longest, so it is on its way before anything else is loaded.
const [command, ...options] = process.argv.slice(2);
const forkedEngine = command === 'segment' && options.some((option) => PROMPT.test(option)) ? forkEngine() : undefined;
try {
  const { runProgram } = await import('./run-program.ts');
  await runProgram({ forkedEngine, umask });
} finally {
  forkedEngine?.process.kill('SIGKILL');
}
