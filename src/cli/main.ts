import { forkEncoder } from '../inference/fork-encoder.ts';

/** A prompt on the command line. Whatever else is wrong with it, the encoder that was forked in vain is ended below. */
const PROMPT = /^--(point|box)\b/;

// `kontur segment` waits for the encoder longest, so it is on its way before anything else is loaded.
const [command, ...options] = process.argv.slice(2);
const encoder = command === 'segment' && options.some((option) => PROMPT.test(option)) ? forkEncoder() : undefined;
try {
  const { runProgram } = await import('./run-program.ts');
  await runProgram(encoder);
} finally {
  encoder?.process.kill('SIGKILL');
}
