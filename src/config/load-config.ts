import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Ajv, ErrorObject } from 'ajv';
import { packagePath } from '../runtime/package-path.ts';
import { type BlobsLocation, locateBlobs } from './blobs-location.ts';
import { ConfigError } from './config-error.ts';
import { countCores } from './count-cores.ts';
import { defaultDataDir, USER_CACHE } from './default-folders.ts';
import { impossibleMixes } from './impossible-mixes.ts';
import { refuseSharedFile } from './refuse-shared-file.ts';
import { ofScale, type Role } from './scale-mixes.ts';
import { readSecretFiles, secretFileVariables } from './secret-files.ts';
import type { Setting, SettingSchema } from './setting.ts';
import { flagOf, type SettingName } from './setting-flags.ts';
import { SETTINGS } from './settings.ts';
import type { Settings } from './settings-values.ts';

/**
 * The whole configuration, read once and frozen. `publicUrl` stays undefined until the port is known (see `withPort`).
 */
export type Config = Readonly<
  Omit<Settings, 'dataDir' | 'cacheDir' | 'modelsDir' | 'engineThreads' | 'publicUrl' | 'blobs'> & {
    dataDir: string;
    cacheDir: string;
    /** Whether the cache folder is the user's choice, and not to be replaced by another. */
    cacheDirIsNamed: boolean;
    modelsDir: string;
    blobs: BlobsLocation;
    engineThreads: number;
    publicUrl?: string;
  }
>;

type Source = Record<string, unknown>;

const FILE_VARIABLE = 'KONTUR_CONFIG';
/** Read by clients: code that the studio copies, and commands that talk to a server. A server has no use for them. */
const CLIENT_VARIABLES = ['KONTUR_TOKEN', 'KONTUR_UPSTREAM_TOKEN'];
const DEFAULT_FILE = 'kontur.config.json';

/**
 * Reads the configuration from environment variables, over the keys of the same names in the JSON file that
 * KONTUR_CONFIG names (default: kontur.config.json in the working folder, if there).
 *
 * @param role what the process is going to do; a worker or a command needs nothing of what concerns clients
 * @param flags values from the command line by the names of their settings; they win over everything else
 * @throws ConfigError listing every unknown key, bad value and impossible mix at once
 */
export function loadConfig(
  environment: Record<string, string | undefined>,
  role: Role = 'serve',
  flags: Partial<Record<SettingName, string>> = {},
): Config {
  const problems: string[] = [];
  const file = readConfigFile(environment[FILE_VARIABLE], problems);
  const variables = Object.fromEntries(
    Object.entries(environment).filter(
      ([key]) => key.startsWith('KONTUR_') && key !== FILE_VARIABLE && !CLIENT_VARIABLES.includes(key),
    ),
  );
  const known = new Set<string>([...Object.values(SETTINGS).map(({ variable }) => variable), ...secretFileVariables()]);
  for (const [origin, source] of Object.entries({ 'the environment': variables, 'the configuration file': file })) {
    for (const key of Object.keys(source)) {
      if (!known.has(key))
        problems.push(
          `${key} in ${origin} is not a setting of this version; see ${packagePath('docs/configuration.md')}.`,
        );
    }
  }
  for (const source of [variables, file]) readSecretFiles(source, problems);
  const values = Object.fromEntries(
    Object.entries<Setting>(SETTINGS).map(([name, setting]) => {
      const flag = flags[name as SettingName];
      const given = flag === undefined ? setting : { ...setting, label: flagOf(name) };
      return [name, readSetting(given, flag ?? variables[setting.variable], file, problems)];
    }),
  ) as Settings;
  if (problems.length === 0)
    problems.push(...ofScale(values, role), ...(role === 'serve' ? impossibleMixes(values) : []));
  if (problems.length > 0) throw new ConfigError(problems);

  const dataDir = path.resolve(values.dataDir ?? defaultDataDir());
  const cacheDir = values.cacheDir ?? (values.dataDir && path.join(dataDir, 'cache'));
  return Object.freeze({
    ...values,
    dataDir,
    blobs: locateBlobs(values.blobs, { dataDir, environment }),
    cacheDir: path.resolve(cacheDir ?? USER_CACHE),
    cacheDirIsNamed: cacheDir !== undefined,
    modelsDir: path.resolve(values.modelsDir ?? path.join(dataDir, 'models')),
    engineThreads: values.engineThreads ?? Math.min(countCores(), 8),
  });
}

function readConfigFile(named: string | undefined, problems: string[]): Source {
  const file = named ?? DEFAULT_FILE;
  if (named === undefined && !existsSync(file)) return {};
  try {
    refuseSharedFile(file, problems);
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Source;
    problems.push(`The configuration file ${file} must hold a JSON object.`);
  } catch (error) {
    problems.push(`The configuration file ${file} cannot be read: ${(error as Error).message}`);
  }
  return {};
}

/**
 * @param setting with the name that problems call it by, unless that is its variable
 * @param text value from the command line or the environment
 */
function readSetting(setting: Setting & { label?: string }, text: unknown, file: Source, problems: string[]): unknown {
  const { variable, label = variable, schema, fileOnly, secret } = setting;
  if (fileOnly) return readStructure(setting, text, file, problems);
  const given = text === undefined || text === '' ? file[variable] : parseText(String(text), schema);
  if (given === undefined) return schema.default;
  const [error] = errorsOf(schema, given);
  if (error)
    problems.push(
      secret
        ? `${label} is not shown, but ${expectation(schema, error)}.`
        : `${label} is ${JSON.stringify(text ?? given)}, but ${expectation(schema, error)}.`,
    );
  return given;
}

/** Reads a value with structure: every error in it is a separate problem. Problems never quote secrets. */
function readStructure({ variable, schema }: Setting, text: unknown, file: Source, problems: string[]): unknown {
  const given = file[variable];
  if (text) problems.push(`${variable} can only stand in the configuration file, not in the environment.`);
  if (given === undefined) return schema.default;
  for (const error of errorsOf(schema, given)) {
    problems.push(`${variable}${error.instancePath.replaceAll('/', '.')} ${ruleOf(error)}.`);
  }
  return given;
}

function parseText(text: string, schema: SettingSchema): unknown {
  const { type } = schema;
  if (type === 'integer') return /^-?\d+$/.test(text.trim()) ? Number(text) : text;
  if (type === 'boolean') return { true: true, false: false }[text.trim()] ?? text;
  if (type === 'array')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return text;
}

function expectation(schema: SettingSchema, error: ErrorObject): string {
  const { enum: choices, type, minimum, maximum, pattern } = schema;
  if (choices) return `it must be one of ${choices.join(', ')}`;
  if (type === 'integer') {
    const bound = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    return `it must be a whole number ${bound}`;
  }
  if (type === 'boolean') return 'it must be true or false';
  if (pattern?.startsWith('^postgres')) return 'it must be an address like postgres://user:password@host:5432/name';
  if (pattern !== undefined || type === 'array') {
    const part = pattern?.includes('[^?#]') ? 'a question mark' : 'a path';
    return `it must be an address like https://kontur.example.com, without ${part}`;
  }
  return `it ${ruleOf(error)}`;
}

let ajv: Ajv | undefined;

/**
 * Validates single settings. Loaded for the first value that is given, because many starts have none; Kontur's own
 * schemas are not validated first (docs/decisions/0038-load-less-at-start.md).
 */
function schemaValidator(): Ajv {
  const { Ajv: Validator } = createRequire(import.meta.url)('ajv') as typeof import('ajv');
  ajv ??= new Validator({ allErrors: true, verbose: true, meta: false, validateSchema: false });
  return ajv;
}

function errorsOf(schema: SettingSchema, value: unknown): ErrorObject[] {
  const validate = schemaValidator().compile(schema);
  validate(value);
  // If one of several schemas has to match, the errors of each say less than that none matches.
  return (validate.errors ?? []).filter(({ schemaPath }) => !schemaPath.includes('/anyOf/'));
}

/** Requirement on the value at the place of the error, to follow the name of that place. */
function ruleOf({ keyword, params, parentSchema, message = 'is wrong' }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `must not have the key ${params.additionalProperty}`;
  if (keyword === 'required') return `must have the key ${params.missingProperty}`;
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'anyOf') return `must be ${parentSchema?.description}`;
  return message;
}
