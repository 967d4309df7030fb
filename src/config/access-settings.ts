import type { XStatic } from 'typebox/schema';
import { GroupSchema } from '#contract/access/group';
import { SECRET_HASH_PATTERN } from './secret-hash-pattern.ts';

const url = (description: string) => ({ type: 'string', pattern: '^https?://[^?#]+$', description }) as const;
const NAME_PATTERN = '^[\\w.@+-]{1,128}$';

/** Public client of browser apps: Kontur's own and those of `KONTUR_REDIRECT_URIS`. */
export const BROWSER_CLIENT_ID = 'kontur-studio';
/** Public client of programs on a user's computer, which listen on a loopback port of their choice for the code. */
export const NATIVE_CLIENT_ID = 'kontur-cli';

/** One project of `KONTUR_PROJECTS`: the issuer whose tokens it accepts (`oidc`), and its groups. */
export const ProjectSettingSchema = {
  type: 'object',
  properties: {
    issuer: url('With `oidc`, required: the exact `iss` of the tokens. Its discovery document names the keys.'),
    jwksUrl: url('With `oidc`: where the keys are, for an issuer without a discovery document.'),
    audience: { type: 'string', minLength: 1, description: 'With `oidc`, required: the `aud` of the tokens.' },
    clockSkewSeconds: {
      type: 'integer',
      minimum: 0,
      maximum: 600,
      description: 'With `oidc`: by how much the clocks may differ; 30 unless given.',
    },
    groupsClaim: {
      type: 'string',
      minLength: 1,
      description: 'With `oidc`: the claim that holds group ids; `groups` unless given.',
    },
    groups: {
      type: 'array',
      items: GroupSchema,
      description:
        'Required: each with a number `id`, a `name`, the `sourceId` that tokens or members name it by, and its `capabilities`.',
    },
  },
  required: ['groups'],
  additionalProperties: false,
} as const;
/** A project of the configuration file. */
export type ProjectSetting = XStatic<typeof ProjectSettingSchema>;

/** Schema of `KONTUR_PROJECTS`. */
export const ProjectsSchema = {
  type: 'object',
  additionalProperties: ProjectSettingSchema,
  default: {},
  description:
    'The projects by name: whose tokens each accepts (`issuer`, `audience`, and so on; only with `oidc`) and its `groups`. See [auth.md](auth.md).',
} as const;

const memberships = {
  type: 'object',
  additionalProperties: { type: 'array', items: { type: 'string', minLength: 1 } },
  description: 'Required: for each project, the `sourceId`s of the groups that it is in.',
} as const;
const hash = {
  type: 'string',
  pattern: SECRET_HASH_PATTERN,
  description: 'Required: what `kontur hash-secret` prints.',
} as const;
const name = (description: string) => ({ type: 'string', pattern: NAME_PATTERN, description }) as const;

/** A client of the embedded issuer, one entry of `KONTUR_CLIENTS`. */
export const ClientSettingSchema = {
  type: 'object',
  properties: {
    id: name('Required: its `client_id`, and the `sub` of its tokens.'),
    secretHash: hash,
    groups: memberships,
  },
  required: ['id', 'secretHash', 'groups'],
  additionalProperties: false,
} as const;
/** A client of the embedded issuer in the configuration file. */
export type ClientSetting = XStatic<typeof ClientSettingSchema>;
/** Schema of `KONTUR_CLIENTS`. */
export const ClientsSchema = {
  type: 'array',
  items: ClientSettingSchema,
  default: [],
  description: 'With `builtin`: clients that get tokens by client credentials. See [auth.md](auth.md).',
} as const;

/** A user of the embedded issuer, one entry of `KONTUR_USERS`. */
export const UserSettingSchema = {
  type: 'object',
  properties: {
    name: name('Required: what the user types, and the `sub` of its tokens.'),
    passwordHash: hash,
    groups: memberships,
  },
  required: ['name', 'passwordHash', 'groups'],
  additionalProperties: false,
} as const;
/** A user of the embedded issuer in the configuration file. */
export type UserSetting = XStatic<typeof UserSettingSchema>;
/** Schema of `KONTUR_USERS`. */
export const UsersSchema = {
  type: 'array',
  items: UserSettingSchema,
  default: [],
  description: 'With `builtin`: users that sign in with a password. See [auth.md](auth.md).',
} as const;
