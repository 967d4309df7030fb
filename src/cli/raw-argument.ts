import { readFileSync } from 'node:fs';

/** What Node puts where the bytes of an argument are no UTF-8. */
const REPLACED = '\uFFFD';

/**
 * The bytes of an argument that is a path, where Node could not read them as UTF-8; undefined for any other.
 *
 * @param text the argument, or the value of an option, as Node has it
 */
export function rawArgument(text: string): Buffer | undefined {
  if (!text.includes(REPLACED)) return undefined;
  for (const argument of rawArguments()) {
    if (argument.toString() === text) return argument;
    const value = argument.subarray(argument.indexOf('=') + 1);
    if (value.toString() === text) return value;
  }
  return undefined;
}

/** The arguments of this process as they were given; none where the system does not say. */
function rawArguments(): Buffer[] {
  try {
    const all = readFileSync('/proc/self/cmdline');
    const ends = [...all.entries()].filter(([, byte]) => byte === 0).map(([index]) => index);
    return ends.map((end, index) => all.subarray((ends[index - 1] ?? -1) + 1, end));
  } catch {
    return [];
  }
}
