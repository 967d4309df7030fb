import { type Static, Type } from 'typebox';
import { GroupSchema } from '../contract/group.ts';
import { SECRET_HASH_PATTERN } from '../contract/secret-hash-pattern.ts';

const Url = Type.String({ pattern: '^https?://[^?#]+$' });
const NAME_PATTERN = '^[\\w.@+-]{1,128}$';

/** Public client of browser apps: Kontur's own and those of `KONTUR_REDIRECT_URIS`. */
export const BROWSER_CLIENT_ID = 'kontur-studio';
/** Public client of programs on a user's computer, which listen on a loopback port of their choice for the code. */
export const NATIVE_CLIENT_ID = 'kontur-cli';

/** One project of `KONTUR_PROJECTS`: whose tokens it accepts (`oidc`), and its groups. */
export const ProjectSettingSchema = Type.Object(
  {
    issuer: Type.Optional(Url),
    jwksUrl: Type.Optional(Url),
    audience: Type.Optional(Type.String({ minLength: 1 })),
    clockSkewSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 600 })),
    groupsClaim: Type.Optional(Type.String({ minLength: 1 })),
    groups: Type.Array(GroupSchema),
  },
  { additionalProperties: false },
);
export type ProjectSetting = Static<typeof ProjectSettingSchema>;

export const ProjectsSchema = Type.Record(Type.String(), ProjectSettingSchema, {
  default: {},
  description:
    'The projects by name: whose tokens each accepts (`issuer`, `audience`, and so on; only with `oidc`) and its `groups`. See [auth.md](auth.md).',
});

/** For each project, the `sourceId`s of the groups that a client or user is in. */
const Memberships = Type.Record(Type.String(), Type.Array(Type.String({ minLength: 1 })));

/** A client of the embedded issuer, one entry of `KONTUR_CLIENTS`. */
const ClientSettingSchema = Type.Object(
  {
    id: Type.String({ pattern: NAME_PATTERN }),
    secretHash: Type.String({ pattern: SECRET_HASH_PATTERN }),
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
const UserSettingSchema = Type.Object(
  {
    name: Type.String({ pattern: NAME_PATTERN }),
    passwordHash: Type.String({ pattern: SECRET_HASH_PATTERN }),
    groups: Memberships,
  },
  { additionalProperties: false },
);
export type UserSetting = Static<typeof UserSettingSchema>;
export const UsersSchema = Type.Array(UserSettingSchema, {
  default: [],
  description: 'With `builtin`: users that sign in with a password. See [auth.md](auth.md).',
});
