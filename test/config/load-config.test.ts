import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { defaultDataDir, USER_CACHE } from '../../src/config/default-folders.ts';
import { isLoopbackHost } from '../../src/config/loopback.ts';
import { loadTestConfig } from '../../testing/load-test-config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadTestConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function configFile(content: string): string {
  const file = path.join(folder, `${Math.random()}.json`);
  writeFileSync(file, content);
  return file;
}

describe('loadConfig', () => {
  it('passes over the tokens that clients read from the environment', () => {
    expect(problemsOf({ KONTUR_TOKEN: 'a', KONTUR_UPSTREAM_TOKEN: 'b' })).toEqual([]);
  });

  it('has a default for everything', () => {
    const config = loadTestConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8321,
      auth: 'development',
      maxPoints: 100,
      corsOrigins: [],
    });
    expect(config.publicUrl).toBeUndefined();
    expect(config.dataDir).toBe(path.resolve('data'));
    expect(config.cacheDir).toBe(USER_CACHE);
    expect(config.engineThreads).toBeGreaterThan(0);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('keeps data in the working folder only where it is already, or in a clone of Kontur', () => {
    const empty = path.join(folder, 'empty');
    mkdirSync(path.join(empty, 'data', 'photos'), { recursive: true });
    expect(path.relative(empty, defaultDataDir(empty))).toMatch(/^\.\./);
    mkdirSync(path.join(empty, 'data', 'database'));
    expect(defaultDataDir(empty)).toBe(path.join(empty, 'data'));
    expect(defaultDataDir(path.resolve('.'))).toBe(path.resolve('data'));
  });

  it('reads numbers and lists from the environment', () => {
    const config = loadTestConfig({
      KONTUR_PORT: '0',
      KONTUR_CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      KONTUR_DATA_DIR: folder,
    });
    expect(config).toMatchObject({ port: 0, corsOrigins: ['https://a.example', 'http://localhost:5173'] });
    expect(config.cacheDir).toBe(path.join(folder, 'cache'));
  });

  it('the environment wins over the file', () => {
    const KONTUR_CONFIG = configFile('{"KONTUR_PORT": 9000, "KONTUR_MAX_POINTS": 7}');
    expect(loadTestConfig({ KONTUR_CONFIG, KONTUR_PORT: '9001' })).toMatchObject({ port: 9001, maxPoints: 7 });
  });

  it('names all problems at once', () => {
    const KONTUR_CONFIG = configFile('{"KONTUR_PROT": 1}');
    const problems = problemsOf({
      KONTUR_CONFIG,
      KONTUR_PORT: 'eighty',
      KONTUR_LOG_LEVEL: 'loud',
      KONTUR_COLOUR: 'red',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).toContain('KONTUR_PROT in the configuration file');
    expect(problems.join('\n')).toContain('KONTUR_COLOUR in the environment');
    expect(problems.join('\n')).toContain('KONTUR_PORT is "eighty", but it must be a whole number from 0 to 65535');
    expect(problems.join('\n')).toContain('KONTUR_LOG_LEVEL is "loud", but it must be one of fatal, error');
  });

  it.each([
    ['{', 'cannot be read'],
    ['[]', 'must hold a JSON object'],
  ])('says what is wrong with a configuration file holding %s', (content, message) => {
    expect(problemsOf({ KONTUR_CONFIG: configFile(content) }).join()).toContain(message);
  });

  it('a named file must exist', () => {
    expect(problemsOf({ KONTUR_CONFIG: path.join(folder, 'none.json') }).join()).toContain('cannot be read');
  });

  it.each<Record<string, string>>([
    { KONTUR_HOST: '0.0.0.0' },
    { KONTUR_HOST: '192.168.1.5' },
    { KONTUR_PUBLIC_URL: 'https://kontur.example.com' },
  ])('refuses development mode beyond this machine: %o', (environment: Record<string, string>) => {
    expect(problemsOf(environment).join()).toContain('KONTUR_AUTH=development');
  });

  it('an upstream makes settings of our own projects and issuer void, and needs https beyond this machine', () => {
    expect(loadTestConfig({ KONTUR_UPSTREAM: 'https://cdf.example', KONTUR_HOST: '0.0.0.0' }).upstream).toBe(
      'https://cdf.example',
    );
    expect(problemsOf({ KONTUR_UPSTREAM: 'http://127.0.0.1:8321' })).toEqual([]);
    expect(problemsOf({ KONTUR_UPSTREAM: 'http://cdf.example' }).join()).toContain('in the clear');
    expect(problemsOf({ KONTUR_UPSTREAM: 'http://cdf.example', KONTUR_ALLOW_HTTP: 'true' })).toEqual([]);
    const KONTUR_STUDIO_ISSUER = 'http://login.example/tenant';
    expect(problemsOf({ KONTUR_UPSTREAM: 'https://cdf.example', KONTUR_STUDIO_ISSUER }).join()).toContain(
      'KONTUR_STUDIO_ISSUER is http://login.example/tenant, but',
    );
    expect(problemsOf({ KONTUR_STUDIO_CLIENT_ID: 'studio' }).join()).toContain(
      'KONTUR_STUDIO_CLIENT_ID has no effect with KONTUR_AUTH=development',
    );
    expect(problemsOf({ KONTUR_STUDIO_ISSUER: 'https://login.example/?a' }).join()).toContain(
      'without a question mark',
    );
    expect(problemsOf({ KONTUR_UPSTREAM: 'https://cdf.example/api' }).join()).toContain('without a path');
    const KONTUR_CONFIG = configFile('{"KONTUR_PROJECTS": {"demo": {"groups": []}}}');
    expect(problemsOf({ KONTUR_CONFIG, KONTUR_UPSTREAM: 'https://cdf.example' }).join()).toContain(
      'KONTUR_PROJECTS has no effect with KONTUR_UPSTREAM',
    );
  });

  it('a public URL has no path', () => {
    expect(problemsOf({ KONTUR_PUBLIC_URL: 'http://localhost:1/kontur' }).join()).toContain('without a path');
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['[::1]', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['128.0.0.1', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
])('isLoopbackHost(%s) is %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

it('a configuration file or a secret that everyone may write to is refused', () => {
  const file = configFile('{}');
  expect(problemsOf({ KONTUR_CONFIG: file })).toEqual([]);
  chmodSync(file, 0o666);
  expect(problemsOf({ KONTUR_CONFIG: file })).toEqual([expect.stringContaining(`chmod o-w ${file}`)]);
  const secret = configFile('postgres://a:b@127.0.0.1/c');
  chmodSync(secret, 0o602);
  expect(problemsOf({ KONTUR_DATABASE_URL_FILE: secret })).toEqual([expect.stringContaining(`chmod o-w ${secret}`)]);
});

it.each([['10.0.0.0/8'], ['::1'], ['192.0.2.7,10.0.0.0/8']])('KONTUR_TRUSTED_PROXIES may be %s', (value) => {
  expect(loadTestConfig({ KONTUR_TRUSTED_PROXIES: value }).trustedProxies).toEqual(value.split(','));
});
it.each([['everyone'], ['10.0.0.0/33'], ['10.0.0'], ['fe80::/200'], ['::1/'], ['1:2']])(
  'KONTUR_TRUSTED_PROXIES may not be %s',
  (value) => {
    expect(problemsOf({ KONTUR_TRUSTED_PROXIES: value })).toEqual([expect.stringContaining('KONTUR_TRUSTED_PROXIES')]);
  },
);
