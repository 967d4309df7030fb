import { endEarlyEngine, startEarlyEngine } from '../engine/early-engine.ts';

// All files of a command and its child processes are readable by their user only: photos, polygons, keys.
const umask = process.umask(0o077);

// `kontur segment` waits for the engine longest, so the engine starts before anything else is loaded.
if (willSegment(process.argv.slice(2))) startEarlyEngine();
try {
  const { runProgram } = await import('./run-program.ts');
  await runProgram({ umask });
} finally {
  endEarlyEngine();
}

/** Whether the engine will be asked at all: not by a call for help, nor by one that names no prompt. */
function willSegment([command, ...options]: string[]): boolean {
  const has = (...names: string[]) => options.some((option) => names.includes(option.split('=')[0] ?? ''));
  return command === 'segment' && has('--point', '--box') && !has('-h', '--help');
}
