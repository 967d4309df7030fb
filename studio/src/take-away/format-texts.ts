import i18next from 'i18next';
import type { OutputFormat } from '#outputs/output-format';

/** Text below `takeAway`, if the language has one; formats are listed elsewhere, and a new one need not have any. */
function textOf(key: string): string | undefined {
  return i18next.exists(`takeAway.${key}`) ? i18next.t(`takeAway.${key}` as 'takeAway.export') : undefined;
}

/** What a format is called in menus. */
export const titleOf = ({ name }: Pick<OutputFormat, 'name'>): string => textOf(`formats.${name}.title`) ?? name;

/** What a format is, in a line. */
export const describeFormat = ({ name, is }: Pick<OutputFormat, 'name' | 'is'>): string =>
  textOf(`formats.${name}.is`) ?? is;

/** What an option of a format is called, and what it does. */
export const describeOption = (name: string, description: string): { label: string; description: string } => ({
  label: textOf(`options.${name}.label`) ?? name,
  description: textOf(`options.${name}.is`) ?? description,
});
