import { type Command, Option } from 'commander';
import { formatNames } from '#outputs/find-format';
import type { OutputOption } from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';

/** Describes the formats, each followed by its aliases, for the help of a command. */
export function describeFormats(): string {
  const lines = OUTPUT_FORMATS.flatMap(({ name, is, aliases = {} }) => [
    [name, is] as const,
    ...Object.entries(aliases).map(([alias, values]) => [alias, [name, ...toFlags(values)].join(' ')] as const),
  ]);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, is]) => `  ${name.padEnd(width)}  ${is}`).join('\n');
}

const toFlags = (values: object): string[] => Object.entries(values).map(([option, value]) => `--${option} ${value}`);

/** Options of all formats by name, each with the formats that have it. */
function collectOptions(): Map<string, { formats: string[]; option: OutputOption }> {
  const collected = new Map<string, { formats: string[]; option: OutputOption }>();
  for (const { name: format, options } of OUTPUT_FORMATS) {
    for (const [name, option] of Object.entries(options)) {
      const known = collected.get(name);
      if (known) known.formats.push(format);
      else collected.set(name, { formats: [format], option });
    }
  }
  return collected;
}

/** Adds `--format` to a command, and every option that a format has. */
export function addFormatOptions(command: Command): Command {
  command.addOption(new Option('--format <format>', 'what to write, see below').choices(formatNames()).default('json'));
  for (const [name, { formats, option }] of collectOptions()) {
    const choices = 'enum' in option ? `${option.enum.join(', ')}; ` : '';
    const description = option.description.replace(/\.$/, '');
    command.option(
      `--${name} <${name}>`,
      `${formats.join(', ')}: ${description} (${choices}default: ${option.default})`,
    );
  }
  return command;
}

/** Selects the given options of a command that belong to formats. */
export function readFormatOptions(given: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries([...collectOptions().keys()].map((name) => [name, given[name] as string | undefined]));
}
