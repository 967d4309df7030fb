import { isIP } from 'node:net';
import { BROWSER_CLIENT_ID, NATIVE_CLIENT_ID } from './access-settings.ts';
import { isLoopbackHost } from './loopback.ts';
import { isComputableHash } from './secret-hash-pattern.ts';
import type { Settings } from './settings-values.ts';

/** Problems of settings that are valid alone but exclude each other; a sentence each. */
export function impossibleMixes(settings: Settings): string[] {
  return [...ofProxies(settings), ...ofMode(settings)];
}

function ofProxies({ trustedProxies }: Settings): string[] {
  const wrong = trustedProxies.filter((range) => !isAddressRange(range));
  return wrong.map(
    (range) => `KONTUR_TRUSTED_PROXIES has ${range}, which is no address, nor a range such as 10.0.0.0/8.`,
  );
}

function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function ofMode(settings: Settings): string[] {
  const { auth, upstream } = settings;
  if (upstream !== undefined) return ofGateway(settings, upstream);
  if (auth === 'development') return [...ofDevelopment(settings), ...withoutEffect(settings, ['projects', ...STUDIO])];
  const shared = [...ofAddress(settings), ...ofProjects(settings)];
  return [...shared, ...(auth === 'oidc' ? ofOidc(settings) : ofBuiltin(settings))];
}

const VARIABLES = {
  projects: 'KONTUR_PROJECTS',
  clients: 'KONTUR_CLIENTS',
  users: 'KONTUR_USERS',
  redirectUris: 'KONTUR_REDIRECT_URIS',
  studioClientId: 'KONTUR_STUDIO_CLIENT_ID',
  studioScope: 'KONTUR_STUDIO_SCOPE',
  studioIssuer: 'KONTUR_STUDIO_ISSUER',
} as const;
/** What people sign in by on the studio, where tokens come from elsewhere. */
const STUDIO = ['studioClientId', 'studioScope', 'studioIssuer'] as const;
/** What says who gets a token and for what, where that is this server's to decide. */
const ACCESS = ['projects', 'clients', 'users', 'redirectUris'] as const;

/**
 * Problems of a server with development tokens. Anyone who reaches the server can get one, so it must be reachable only
 * from its own machine.
 */
function ofDevelopment(settings: Settings): string[] {
  const { host, publicUrl } = settings;
  const problems: string[] = withoutEffect(settings, ['clients', 'users']);
  if (!isLoopbackHost(host)) {
    problems.push(
      `KONTUR_HOST is ${host}, but KONTUR_AUTH=development is for the user who runs the server on this machine, so it is only allowed on a loopback address (127.0.0.1, ::1 or localhost). Set KONTUR_AUTH to builtin or oidc.`,
    );
  }
  if (publicUrl !== undefined && !isLocal(publicUrl)) {
    problems.push(
      `KONTUR_PUBLIC_URL is ${publicUrl}, but with KONTUR_AUTH=development only loopback host names are answered, so it must name one.`,
    );
  }
  return problems;
}

/** Problems of a gateway. Projects and tokens are those of the upstream, so settings that define others exclude it. */
function ofGateway(settings: Settings, upstream: string): string[] {
  const problems = ACCESS.filter((key) => isGiven(settings[key])).map(
    (key) => `${VARIABLES[key]} has no effect with KONTUR_UPSTREAM, which knows its own; remove it.`,
  );
  if (insecure(upstream, settings.allowHttp)) {
    problems.push(
      `KONTUR_UPSTREAM is ${upstream}, but tokens must not cross a network in the clear. Use https, or set KONTUR_ALLOW_HTTP=true to do it all the same.`,
    );
  }
  return [...problems, ...ofStudio(settings)];
}

function ofAddress({ auth, host, publicUrl, allowHttp }: Settings): string[] {
  if (publicUrl === undefined) {
    if (auth === 'builtin') return ['KONTUR_AUTH=builtin needs KONTUR_PUBLIC_URL: tokens name it as their issuer.'];
    if (isLoopbackHost(host)) return [];
    return [`KONTUR_HOST is ${host}, so KONTUR_PUBLIC_URL must say how clients reach the server: links carry it.`];
  }
  return insecure(publicUrl, allowHttp)
    ? [
        `KONTUR_PUBLIC_URL is ${publicUrl}, but passwords and tokens must not cross a network in the clear. Use https, or set KONTUR_ALLOW_HTTP=true to do it all the same.`,
      ]
    : [];
}

function ofProjects({ auth, projects }: Settings): string[] {
  const problems: string[] = [];
  if (Object.keys(projects).length === 0)
    problems.push(`KONTUR_AUTH=${auth} needs at least one project in KONTUR_PROJECTS.`);
  for (const [name, { groups }] of Object.entries(projects)) {
    if (!/^[a-z0-9][\w-]{0,63}$/i.test(name)) {
      problems.push(`KONTUR_PROJECTS.${name}: a project's name has 1 to 64 letters, digits, _ and -.`);
    }
    for (const id of repeated(groups.map((group) => group.id))) {
      problems.push(`KONTUR_PROJECTS.${name}.groups: the id ${id} is given twice.`);
    }
  }
  return problems;
}

function ofOidc(settings: Settings): string[] {
  const problems = [...withoutEffect(settings, ['clients', 'users', 'redirectUris']), ...ofStudio(settings)];
  for (const [name, { issuer, jwksUrl, audience }] of Object.entries(settings.projects)) {
    const place = `KONTUR_PROJECTS.${name}`;
    if (issuer === undefined) problems.push(`${place} needs issuer: the exact "iss" of its tokens.`);
    if (audience === undefined) problems.push(`${place} needs audience: the "aud" of its tokens.`);
    for (const url of [issuer, jwksUrl]) {
      if (url !== undefined && insecure(url, settings.allowHttp)) {
        problems.push(
          `${place}: ${url} must be https, or whoever is between can make tokens (KONTUR_ALLOW_HTTP=true allows it).`,
        );
      }
    }
  }
  return problems;
}

/** Problems of where people sign in on the studio, with an issuer elsewhere. */
function ofStudio({ studioIssuer, allowHttp }: Settings): string[] {
  if (studioIssuer === undefined || !insecure(studioIssuer, allowHttp)) return [];
  return [
    `KONTUR_STUDIO_ISSUER is ${studioIssuer}, but people's passwords must not cross a network in the clear. Use https, or set KONTUR_ALLOW_HTTP=true to do it all the same.`,
  ];
}

function ofBuiltin(settings: Settings): string[] {
  const { projects, clients, users } = settings;
  const problems = withoutEffect(settings, STUDIO);
  for (const [name, project] of Object.entries(projects)) {
    for (const key of ['issuer', 'jwksUrl', 'audience', 'clockSkewSeconds', 'groupsClaim'] as const) {
      if (project[key] !== undefined) {
        problems.push(
          `KONTUR_PROJECTS.${name}.${key} has no effect: with KONTUR_AUTH=builtin the server makes the tokens.`,
        );
      }
    }
  }
  if (clients.length + users.length === 0) {
    problems.push(
      'KONTUR_AUTH=builtin needs a client in KONTUR_CLIENTS or a user in KONTUR_USERS, or nobody gets a token.',
    );
  }
  const members = [
    ...clients.map(({ id, groups }) => ({ place: `KONTUR_CLIENTS ${id}`, name: id, groups })),
    ...users.map(({ name, groups }) => ({ place: `KONTUR_USERS ${name}`, name, groups })),
  ];
  for (const name of repeated([BROWSER_CLIENT_ID, NATIVE_CLIENT_ID, ...members.map((member) => member.name)])) {
    problems.push(`${name} is the name of two clients or users, or one of ours; tokens could not tell them apart.`);
  }
  const hashes = [
    ...clients.map(({ id, secretHash }) => ({ place: `KONTUR_CLIENTS ${id}: its secretHash`, hash: secretHash })),
    ...users.map(({ name, passwordHash }) => ({ place: `KONTUR_USERS ${name}: its passwordHash`, hash: passwordHash })),
  ];
  for (const { place, hash } of hashes) {
    if (isComputableHash(hash)) continue;
    problems.push(
      `${place} has parameters that scrypt cannot compute: N must be a power of two, and 128 N r bytes below 512 MiB. Make it again with kontur hash-secret.`,
    );
  }
  for (const { place, groups } of members) {
    for (const [project, sourceIds] of Object.entries(groups)) {
      const known = Object.hasOwn(projects, project) ? projects[project] : undefined;
      if (known === undefined) problems.push(`${place}: there is no project ${project} in KONTUR_PROJECTS.`);
      for (const sourceId of known === undefined ? [] : sourceIds) {
        if (known?.groups.some((group) => group.sourceId === sourceId)) continue;
        problems.push(`${place}: the project ${project} has no group with the sourceId ${sourceId}.`);
      }
    }
  }
  return problems;
}

function withoutEffect(settings: Settings, keys: readonly (keyof typeof VARIABLES)[]): string[] {
  return keys
    .filter((key) => isGiven(settings[key]))
    .map((key) => `${VARIABLES[key]} has no effect with KONTUR_AUTH=${settings.auth}; remove it, or set another mode.`);
}

const isGiven = (value: object | string | undefined) => Object.keys(value ?? {}).length > 0;
const isLocal = (url: string) => URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
const insecure = (url: string, allowHttp: boolean) => url.startsWith('http:') && !allowHttp && !isLocal(url);
const repeated = <T>(values: T[]) => new Set(values.filter((value, index) => values.indexOf(value) !== index));
