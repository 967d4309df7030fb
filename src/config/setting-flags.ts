import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** Name of a setting: its key in `Config`. */
export type SettingName = keyof typeof SETTINGS;

/** Returns the option of the command line for a setting, such as `--data-dir`. */
export const flagOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Describes the option for a setting in help texts: its flag and argument, and its meaning with the default. */
export function describeFlag(name: SettingName): { flag: string; description: string } {
  const { schema, derivedDefault, variable }: Setting = SETTINGS[name];
  const { type, enum: choices, default: value } = schema;
  const takes = choices?.join('|') ?? { integer: 'n', array: 'list', boolean: '' }[type as string] ?? 'text';
  const [sentence] = plain(schema.description)
    .replace(/^true: /, '')
    .split(/(?<=\.) /);
  const preset = plain(derivedDefault ?? (Array.isArray(value) ? 'none' : `${value}`));
  return {
    flag: takes === '' ? flagOf(name) : `${flagOf(name)} <${takes}>`,
    description: `${sentence?.replace(/[.:]$/, '')} (${variable}; default: ${preset})`,
  };
}

/** Converts Markdown to plain text. */
const plain = (text: string): string =>
  text
    .replaceAll(/ ?\(see \[[^\]]*\]\([^)]*\)\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '');
