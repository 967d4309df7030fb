import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import type { Role } from '../../src/config/scale-mixes.ts';
import { loadTestConfig } from '../../testing/load-test-config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const URL_WITH_PASSWORD = 'postgres://kontur:hunter2@db.example/kontur';
function file(content: string): string {
  const name = path.join(folder, `${Math.random()}`);
  writeFileSync(name, content);
  return name;
}

function problemsOf(environment: Record<string, string>, role?: Role): string[] {
  try {
    loadTestConfig(environment, role);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a secret', () => {
  it('is read from the file that its variable with _FILE names, in the environment or the configuration file', () => {
    const KONTUR_DATABASE_URL_FILE = file(`${URL_WITH_PASSWORD}\n`);
    expect(loadTestConfig({ KONTUR_DATABASE_URL_FILE }).databaseUrl).toBe(URL_WITH_PASSWORD);
    const KONTUR_CONFIG = file(JSON.stringify({ KONTUR_DATABASE_URL_FILE }));
    expect(loadTestConfig({ KONTUR_CONFIG }).databaseUrl).toBe(URL_WITH_PASSWORD);
    const KONTUR_DATABASE_URL = 'postgres://localhost/other';
    expect(loadTestConfig({ KONTUR_CONFIG, KONTUR_DATABASE_URL }).databaseUrl).toBe(KONTUR_DATABASE_URL);
  });

  it('has to be there, in one place', () => {
    const KONTUR_DATABASE_URL_FILE = file(URL_WITH_PASSWORD);
    expect(problemsOf({ KONTUR_DATABASE_URL_FILE, KONTUR_DATABASE_URL: URL_WITH_PASSWORD })).toEqual([
      'KONTUR_DATABASE_URL and KONTUR_DATABASE_URL_FILE are both set; keep one of them.',
    ]);
    expect(problemsOf({ KONTUR_DATABASE_URL_FILE: path.join(folder, 'none') })[0]).toMatch(
      /^KONTUR_DATABASE_URL_FILE names .*none, which cannot be read \(ENOENT\)\.$/,
    );
    expect(problemsOf({ KONTUR_DATABASE_URL_FILE: file('\n') })[0]).toContain('which is empty');
  });

  it('is not repeated where it is wrong', () => {
    const [problem] = problemsOf({ KONTUR_DATABASE_URL: 'mysql://kontur:hunter2@db.example/kontur' });
    expect(problem).toBe(
      'KONTUR_DATABASE_URL is not shown, but it must be an address like postgres://user:password@host:5432/name.',
    );
  });

  it('no other setting is read from a file', () => {
    expect(problemsOf({ KONTUR_PORT_FILE: file('1') })[0]).toContain(
      'KONTUR_PORT_FILE in the environment is not a setting',
    );
  });
});

describe('processes that work together', () => {
  const KONTUR_DATABASE_URL = URL_WITH_PASSWORD;

  it('contents are in the data folder unless another is named', () => {
    expect(loadTestConfig({ KONTUR_DATA_DIR: folder }).blobs).toEqual({ folder: path.join(folder, 'blobs') });
    expect(loadTestConfig({ KONTUR_BLOBS: 'shared' }).blobs).toEqual({ folder: path.resolve('shared') });
  });

  it('contents are in a bucket, at the endpoint and in the region of the usual variables', () => {
    const at = (KONTUR_BLOBS: string, environment: Record<string, string> = {}) =>
      loadTestConfig({ KONTUR_BLOBS, ...environment }).blobs;
    expect(at('s3://my-bucket', { AWS_REGION: 'eu-north-1' })).toEqual({
      bucket: 'my-bucket',
      prefix: '',
      region: 'eu-north-1',
    });
    const AWS_ENDPOINT_URL = 'http://store:9000';
    const inPrefix = { bucket: 'my.bucket', prefix: 'plant/photos/', endpoint: AWS_ENDPOINT_URL };
    expect(at('s3://my.bucket/plant/photos', { AWS_ENDPOINT_URL })).toEqual(inPrefix);
    const both = { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3: 'http://s3:9000' };
    expect(at('s3://my.bucket/plant/photos/', both)).toEqual({ ...inPrefix, endpoint: 'http://s3:9000' });
  });

  it.each(['s3://', 's3://UPPER', 's3://bucket//a', 's3://bucket/a b', 'https://bucket/a', 'gs://bucket'])(
    'contents cannot be in %s',
    (KONTUR_BLOBS) => {
      expect(problemsOf({ KONTUR_BLOBS })).toEqual([
        `KONTUR_BLOBS is ${KONTUR_BLOBS}, but it must be a folder, or an address like s3://bucket/prefix.`,
      ]);
    },
  );

  it('links straight to the store need a bucket', () => {
    const KONTUR_BLOBS_DIRECT = 'true';
    expect(problemsOf({ KONTUR_BLOBS_DIRECT, KONTUR_BLOBS: folder })[0]).toContain('a folder has no links of its own');
    expect(problemsOf({ KONTUR_BLOBS_DIRECT })).toHaveLength(1);
    expect(loadTestConfig({ KONTUR_BLOBS_DIRECT, KONTUR_BLOBS: 's3://bucket' }).blobsDirect).toBe(true);
  });

  it('a bucket is a store that can be shared', () => {
    const environment = { KONTUR_DATABASE_URL, KONTUR_BLOBS: 's3://bucket/prefix' };
    expect(problemsOf(environment, 'work')).toEqual([]);
  });

  it.each<[string, Record<string, string>, Role]>([
    ['a worker', {}, 'work'],
    ['a server without an engine', { KONTUR_JOBS_CONCURRENCY: '0' }, 'serve'],
  ])('%s needs a database and a store that it shares', (_, environment, role) => {
    const problems = problemsOf(environment, role);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('needs KONTUR_DATABASE_URL');
    expect(problems[1]).toContain('needs KONTUR_BLOBS');
    expect(problemsOf({ ...environment, KONTUR_DATABASE_URL, KONTUR_BLOBS: folder }, role)).toEqual([]);
  });

  it('a worker has jobs, and no clients to be asked about', () => {
    const shared = { KONTUR_DATABASE_URL, KONTUR_BLOBS: folder };
    expect(problemsOf({ ...shared, KONTUR_JOBS_CONCURRENCY: '0' }, 'work')[0]).toContain('running jobs is all');
    expect(problemsOf({ ...shared, KONTUR_HOST: '0.0.0.0' }, 'work')).toEqual([]);
    expect(problemsOf({ ...shared, KONTUR_HOST: '0.0.0.0' }, 'serve')).toHaveLength(1);
  });
});
