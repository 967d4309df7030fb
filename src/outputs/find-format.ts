import { KonturError } from '#contract/errors';
import type { OptionValues, OutputFormat, OutputOption } from './output-format.ts';
import { OUTPUT_FORMATS } from './output-formats.ts';

/** Every name that `findFormat` accepts: the formats, each followed by its aliases. */
export const formatNames = (): string[] =>
  OUTPUT_FORMATS.flatMap(({ name, aliases = {} }) => [name, ...Object.keys(aliases)]);

/**
 * Finds a format by its name or an alias, with the values of its options: the given ones, else those of the alias, else
 * the defaults.
 *
 * @param given values by the names of options, numbers possibly as text; undefined values count as not given
 * @throws KonturError `invalid-request` for an unknown format, option or value; the message lists what is possible
 */
export function findFormat(
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): { format: OutputFormat; options: OptionValues } {
  const format = OUTPUT_FORMATS.find((known) => known.name === name || Object.hasOwn(known.aliases ?? {}, name));
  if (format === undefined) {
    throw new KonturError('invalid-request', `There is no format "${name}": it is one of ${formatNames().join(', ')}.`);
  }
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const option of Object.keys(chosen)) {
    if (Object.hasOwn(format.options, option)) continue;
    const known = Object.keys(format.options).join(', ') || 'none';
    throw new KonturError('invalid-request', `The format ${name} has no option "${option}"; it has ${known}.`);
  }
  const values = { ...format.aliases?.[name], ...chosen };
  const options = Object.entries(format.options).map(([option, schema]) => [
    option,
    readValue(option, schema, values[option] ?? schema.default),
  ]);
  return { format, options: Object.fromEntries(options) };
}

function readValue(name: string, schema: OutputOption, value: unknown): string | number {
  if ('minimum' in schema) {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    const fits = Number.isInteger(number) && Number(number) >= schema.minimum && Number(number) <= schema.maximum;
    return fits ? Number(number) : refuse(name, value, `a whole number from ${schema.minimum} to ${schema.maximum}`);
  }
  if ('enum' in schema) {
    return schema.enum.find((choice) => choice === value) ?? refuse(name, value, `one of ${schema.enum.join(', ')}`);
  }
  const fits = typeof value === 'string' && value.length >= schema.minLength && value.length <= schema.maxLength;
  return fits ? value : refuse(name, value, `a text of ${schema.minLength} to ${schema.maxLength} characters`);
}

function refuse(name: string, value: unknown, expected: string): never {
  throw new KonturError('invalid-request', `The option "${name}" is ${expected}, and not ${JSON.stringify(value)}.`);
}
