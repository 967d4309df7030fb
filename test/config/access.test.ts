import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadTestConfig } from '../../testing/load-test-config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Mode = 'oidc' | 'builtin';
const examples = fileURLToPath(new URL('../../docs/examples/', import.meta.url));
const example = (mode: Mode) => JSON.parse(readFileSync(path.join(examples, `${mode}.config.json`), 'utf8'));

/** Problems of an example in which the value at each place, written `A.b.0`, is another one; undefined takes it out. */
function problemsOf(mode: Mode, changes: Record<string, unknown>, environment = {}): string {
  const config = example(mode);
  for (const [place, value] of Object.entries(changes)) {
    const keys = place.split('.');
    const last = keys.pop()!;
    const parent = keys.reduce((at, key) => at[key], config);
    parent[last] = value;
  }
  const KONTUR_CONFIG = path.join(folder, `${Math.random()}.json`);
  writeFileSync(KONTUR_CONFIG, JSON.stringify(config));
  try {
    loadTestConfig({ KONTUR_CONFIG, ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
  return '';
}

it.each<Mode>(['oidc', 'builtin'])('the example for %s is a whole configuration', (mode) => {
  const config = loadTestConfig({ KONTUR_CONFIG: path.join(examples, `${mode}.config.json`) });
  expect(config.auth).toBe(mode);
  expect(config.projects.plant!.groups[0]!.capabilities.length).toBeGreaterThan(0);
});

const plant = 'KONTUR_PROJECTS.plant';
describe('refuses, and says why:', () => {
  it.each<[string, Mode, string, unknown, string]>([
    ['no project', 'oidc', 'KONTUR_PROJECTS', undefined, 'needs at least one project'],
    ['no issuer', 'oidc', `${plant}.issuer`, undefined, 'plant needs issuer'],
    ['no audience', 'oidc', `${plant}.audience`, undefined, 'plant needs audience'],
    ['an http issuer', 'oidc', `${plant}.issuer`, 'http://idp.example', 'must be https'],
    ['keys over http', 'oidc', `${plant}.jwksUrl`, 'http://idp.example', 'must be https'],
    ['no public URL beyond loopback', 'oidc', 'KONTUR_PUBLIC_URL', undefined, 'KONTUR_PUBLIC_URL must say'],
    ['clients of no issuer', 'oidc', 'KONTUR_CLIENTS', example('builtin').KONTUR_CLIENTS, 'no effect'],
    ['an unknown key', 'oidc', `${plant}.isuer`, 'x', `${plant} must not have the key isuer.`],
    ['a missing key', 'builtin', 'KONTUR_USERS.0.groups', undefined, 'KONTUR_USERS.0 must have the key groups.'],
    [
      'an unknown capability',
      'oidc',
      `${plant}.groups.0.capabilities.0`,
      { fileAcl: {} },
      'groups.0.capabilities.0 must not have the key fileAcl.',
    ],
    [
      'an unknown action',
      'oidc',
      `${plant}.groups.0.capabilities.0.filesAcl.actions.0`,
      'WRIT',
      'capabilities.0.filesAcl.actions.0 must be one of READ, WRITE.',
    ],
    [
      'an unknown scope',
      'oidc',
      `${plant}.groups.0.capabilities.0.filesAcl.scope`,
      { dataSet: {} },
      'capabilities.0.filesAcl.scope must be {"all": {}} or {"datasetScope": {"ids": […]}}.',
    ],
    ['a group id twice', 'oidc', `${plant}.groups.1.id`, 1, 'the id 1 is given twice'],
    ['a project with a slash', 'oidc', 'KONTUR_PROJECTS.a/b', example('oidc').KONTUR_PROJECTS.plant, '1 to 64 letters'],
    ['projects in development', 'oidc', 'KONTUR_AUTH', 'development', 'no effect with KONTUR_AUTH=development'],
    ['no public URL', 'builtin', 'KONTUR_PUBLIC_URL', undefined, 'needs KONTUR_PUBLIC_URL'],
    ['an http public URL', 'builtin', 'KONTUR_PUBLIC_URL', 'http://plant.example', 'KONTUR_ALLOW_HTTP=true'],
    ['an issuer elsewhere', 'builtin', `${plant}.issuer`, 'https://x.example', 'the server makes the tokens'],
    ['a user named like a client', 'builtin', 'KONTUR_USERS.0.name', 'camera-gateway', 'could not tell them apart'],
    ['a client named like ours', 'builtin', 'KONTUR_CLIENTS.0.id', 'kontur-cli', 'could not tell them apart'],
    ['an unknown group', 'builtin', 'KONTUR_USERS.0.groups.plant.0', 'admins', 'no group with the sourceId admins'],
    ['an unknown project', 'builtin', 'KONTUR_USERS.0.groups.hasOwnProperty', [], 'there is no project'],
  ])('%s', (_, mode, place, value, message) => {
    expect(problemsOf(mode, { [place]: value })).toContain(message);
  });

  it('a server that gives nobody a token', () => {
    expect(problemsOf('builtin', { KONTUR_CLIENTS: [], KONTUR_USERS: [] })).toContain('or nobody gets a token');
  });

  it('a password instead of its hash, without repeating it', () => {
    const problems = problemsOf('builtin', { 'KONTUR_USERS.0.passwordHash': 'my secret password' });
    expect(problems).toContain('KONTUR_USERS.0.passwordHash');
    expect(problems).not.toContain('my secret password');
  });

  it('structure in the environment', () => {
    expect(problemsOf('oidc', {}, { KONTUR_PROJECTS: '{}' })).toContain('can only stand in the configuration file');
  });

  it('everything at once', () => {
    const problems = problemsOf('builtin', { 'KONTUR_USERS.0.name': 1, 'KONTUR_CLIENTS.0.id': '', KONTUR_PORT: 'x' });
    for (const place of ['KONTUR_USERS.0.name', 'KONTUR_CLIENTS.0.id', 'KONTUR_PORT'])
      expect(problems).toContain(place);
  });
});

it('http is possible on this machine, and where a setting allows it', () => {
  expect(problemsOf('builtin', { KONTUR_PUBLIC_URL: 'http://localhost:8321' })).toBe('');
  const change = { KONTUR_PUBLIC_URL: 'http://kontur.plant.example' };
  expect(problemsOf('builtin', change, { KONTUR_ALLOW_HTTP: 'true' })).toBe('');
  expect(problemsOf('builtin', change, { KONTUR_ALLOW_HTTP: 'yes' })).toContain('true or false');
});

it.each([
  [33_000, 8, 1],
  [65_537, 8, 1],
  [524_288, 16, 1],
  [32_768, 0, 1],
  [32_768, 8, 0],
])('a hash with N %d, r %d and p %d is found before anyone signs in', (N, r, p) => {
  const hash = `scrypt$${N}$${r}$${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  expect(problemsOf('builtin', { 'KONTUR_USERS.0.passwordHash': hash })).toContain(
    'parameters that scrypt cannot compute',
  );
  expect(problemsOf('builtin', { 'KONTUR_CLIENTS.0.secretHash': hash })).toContain(
    'parameters that scrypt cannot compute',
  );
});
