import { ClientSettingSchema, ProjectSettingSchema, UserSettingSchema } from './access-settings.ts';
import type { Setting, SettingSchema } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** The text of docs/configuration.md: every setting with its default and its meaning. */
export function describeSettings(): string {
  const rows = Object.values<Setting>(SETTINGS).map(({ variable, schema, derivedDefault, secret }) => {
    const { default: value, description, enum: choices } = schema;
    const shown = derivedDefault ?? (Array.isArray(value) ? 'none' : `\`${value}\``);
    const one =
      choices === undefined || choices.length < 2 ? '' : ` One of ${choices.map((c) => `\`${c}\``).join(', ')}.`;
    const also = secret ? ` A secret: \`${variable}_FILE\` may name a file that holds it.` : '';
    return `| \`${variable}\` | ${shown} | ${description}${one}${also} |`;
  });
  return `# Configuration

Generated from \`src/config/settings.ts\` by \`npm run docs\`; edit that file.

Settings are environment variables. The same keys may stand in a JSON file: \`kontur.config.json\` in the working folder, or the
file that \`KONTUR_CONFIG\` names; the environment wins. Unknown keys, bad values and mixes that cannot work stop the server at
start, all named at once. \`npx --no-install kontur config check\` looks without starting; \`kontur config print\` shows what is
in force.

| setting | default | meaning |
|---|---|---|
${rows.join('\n')}

## Settings with structure

They can only stand in the file. [examples/oidc.config.json](examples/oidc.config.json) and
[examples/builtin.config.json](examples/builtin.config.json) are whole files that work once names and hashes are yours.

| key | meaning |
|---|---|
${keysOf('KONTUR_PROJECTS.<name>', ProjectSettingSchema)}
${keysOf('KONTUR_CLIENTS[]', ClientSettingSchema)}
${keysOf('KONTUR_USERS[]', UserSettingSchema)}
`;
}

function keysOf(place: string, { properties }: { properties: Record<string, SettingSchema> }): string {
  return Object.entries(properties)
    .map(([key, schema]) => `| \`${place}.${key}\` | ${schema.description} |`)
    .join('\n');
}
