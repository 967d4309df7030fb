import { type Static, Type } from 'typebox';
import { GroupSchema } from '../contract/group.ts';
import { SECRET_HASH_PATTERN } from '../contract/secret-hash-pattern.ts';

const Url = (description: string) => Type.String({ pattern: '^https?://[^?#]+$', description });
const NAME_PATTERN = '^[\\w.@+-]{1,128}$';

/** Public client of browser apps: Kontur's own and those of `KONTUR_REDIRECT_URIS`. */
export const BROWSER_CLIENT_ID = 'kontur-studio';
/** Public client of programs on a user's computer, which listen on a loopback port of their choice for the code. */
export const NATIVE_CLIENT_ID = 'kontur-cli';

/** One project of `KONTUR_PROJECTS`: whose tokens it accepts (`oidc`), and its groups. */
export const ProjectSettingSchema = Type.Object(
  {
    issuer: Type.Optional(
      Url('With `oidc`, required: the exact `iss` of the tokens. Its discovery document names the keys.'),
    ),
    jwksUrl: Type.Optional(Url('With `oidc`: where the keys are, for an issuer without a discovery document.')),
    audience: Type.Optional(
      Type.String({ minLength: 1, description: 'With `oidc`, required: the `aud` of the tokens.' }),
    ),
    clockSkewSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 600,
        description: 'With `oidc`: by how much the clocks may differ; 30 unless given.',
      }),
    ),
    groupsClaim: Type.Optional(
      Type.String({ minLength: 1, description: 'With `oidc`: the claim that holds group ids; `groups` unless given.' }),
    ),
    groups: Type.Array(GroupSchema, {
      description:
        'Required: each with a number `id`, a `name`, the `sourceId` that tokens or members name it by, and its `capabilities`.',
    }),
  },
  { additionalProperties: false },
);
export type ProjectSetting = Static<typeof ProjectSettingSchema>;

export const ProjectsSchema = Type.Record(Type.String(), ProjectSettingSchema, {
  default: {},
  description:
    'The projects by name: whose tokens each accepts (`issuer`, `audience`, and so on; only with `oidc`) and its `groups`. See [auth.md](auth.md).',
});

const Memberships = Type.Record(Type.String(), Type.Array(Type.String({ minLength: 1 })), {
  description: 'Required: for each project, the `sourceId`s of the groups that it is in.',
});
const Hash = Type.String({ pattern: SECRET_HASH_PATTERN, description: 'Required: what `kontur hash-secret` prints.' });
const Name = (description: string) => Type.String({ pattern: NAME_PATTERN, description });

/** A client of the embedded issuer, one entry of `KONTUR_CLIENTS`. */
export const ClientSettingSchema = Type.Object(
  {
    id: Name('Required: its `client_id`, and the `sub` of its tokens.'),
    secretHash: Hash,
    groups: Memberships,
  },
  { additionalProperties: false },
);
export type ClientSetting = Static<typeof ClientSettingSchema>;
export const ClientsSchema = Type.Array(ClientSettingSchema, {
  default: [],
  description: 'With `builtin`: clients that get tokens by client credentials. See [auth.md](auth.md).',
});

/** A user of the embedded issuer, one entry of `KONTUR_USERS`. */
export const UserSettingSchema = Type.Object(
  {
    name: Name('Required: what the user types, and the `sub` of its tokens.'),
    passwordHash: Hash,
    groups: Memberships,
  },
  { additionalProperties: false },
);
export type UserSetting = Static<typeof UserSettingSchema>;
export const UsersSchema = Type.Array(UserSettingSchema, {
  default: [],
  description: 'With `builtin`: users that sign in with a password. See [auth.md](auth.md).',
});
