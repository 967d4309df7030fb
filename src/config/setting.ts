/** JSON Schema of a setting. One without a default may be left out. */
export interface SettingSchema {
  type?: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  default?: unknown;
  description: string;
}

/**
 * One setting: the name of its environment variable, which is also its key in the configuration file, and its schema.
 */
export interface Setting<S extends SettingSchema = SettingSchema> {
  variable: `KONTUR_${string}`;
  schema: S;
  /** Description of a default that is derived and so not in the schema. */
  derivedDefault?: string;
  /** A value with structure, which only the configuration file can hold. */
  fileOnly?: true;
  /** Never shown; may also be read from the file that the variable with `_FILE` at its end names. */
  secret?: true;
}

/** Makes a setting of a variable; with a description of its default where that is derived. */
export const setting = <const S extends SettingSchema>(
  variable: `KONTUR_${string}`,
  schema: S,
  derivedDefault?: string,
): Setting<S> => ({
  variable,
  schema,
  derivedDefault,
});

/** Makes a setting with structure. */
export const fileSetting = <const S extends SettingSchema>(variable: `KONTUR_${string}`, schema: S): Setting<S> => ({
  variable,
  schema,
  derivedDefault: 'none; only in the file',
  fileOnly: true,
});

/** Makes a setting that is a secret. */
export const secretSetting = <const S extends SettingSchema>(
  variable: `KONTUR_${string}`,
  schema: S,
  derivedDefault: string,
): Setting<S> => ({ variable, schema, derivedDefault, secret: true });

/** Schema of a whole number from 1. */
export const count = (defaultValue: number, description: string) =>
  ({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: defaultValue, description }) as const;
