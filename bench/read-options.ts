import { parseArgs } from 'node:util';

/**
 * Options of every measuring script: a file for the figures, and a small size that only shows that the script works.
 */
export interface CommonOptions {
  json?: string;
  smoke: boolean;
}

/**
 * Reads the command line of a measuring script: `--json FILE`, `--smoke`, `--help`, and the script's own options, which
 * all take a value. Ends the process after help (exit code 0) and on an option that it does not know (2).
 */
export function readOptions<Name extends string>(
  usage: string,
  ...names: Name[]
): CommonOptions & Partial<Record<Name, string>> {
  const own = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      options: {
        ...own,
        json: { type: 'string' },
        smoke: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help) return values as CommonOptions & Partial<Record<Name, string>>;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    return misuse(`${(error as Error).message}\n\n${usage}`);
  }
}

/** Reads a whole number above 0 from the command line, or the default if the option is not given. */
export function readCount(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const count = Number(text);
  return Number.isInteger(count) && count > 0
    ? count
    : misuse(`--${name} takes a whole number above 0, not "${text}".\n`);
}

/** Says what is wrong with the command line and ends the process. */
export function misuse(message: string): never {
  process.stderr.write(message);
  process.exit(2);
}
