import { type TSchema, Type } from 'typebox';

/** One setting: the name of its environment variable, which is also its key in the configuration file, and its schema. */
export interface Setting<S extends TSchema = TSchema> {
  variable: `KONTUR_${string}`;
  schema: S;
  /** What the default is, where it is derived and so not in the schema. */
  derivedDefault?: string;
}

const setting = <S extends TSchema>(variable: `KONTUR_${string}`, schema: S, derivedDefault?: string): Setting<S> => ({
  variable,
  schema,
  derivedDefault,
});

const count = (defaultValue: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: defaultValue, description });

/** Every setting, in the order of docs/configuration.md. The keys are those of `Config`. */
export const SETTINGS = {
  host: setting(
    'KONTUR_HOST',
    Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on.' }),
  ),
  port: setting(
    'KONTUR_PORT',
    Type.Integer({ minimum: 0, maximum: 65535, default: 8321, description: 'Port to listen on; 0 picks a free one.' }),
  ),
  publicUrl: setting(
    'KONTUR_PUBLIC_URL',
    Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#]+$',
        description:
          'Address under which clients reach the server, without a path: the only source of the token issuer and of upload and download links. Set it behind a reverse proxy.',
      }),
    ),
    'from host and port',
  ),
  dataDir: setting(
    'KONTUR_DATA_DIR',
    Type.String({
      minLength: 1,
      default: './data',
      description: 'Folder of the database, uploaded content, keys and development credentials.',
    }),
  ),
  cacheDir: setting(
    'KONTUR_CACHE_DIR',
    Type.Optional(Type.String({ minLength: 1, description: 'Folder of prepared model graphs; safe to delete.' })),
    '`cache` in the data folder',
  ),
  auth: setting(
    'KONTUR_AUTH',
    Type.Enum(['development'], {
      default: 'development',
      description:
        'Where tokens come from. `development`: an embedded OpenID Connect issuer, only when bound to a loopback address.',
    }),
  ),
  engineThreads: setting(
    'KONTUR_ENGINE_THREADS',
    Type.Optional(Type.Integer({ minimum: 1, maximum: 256, description: 'Threads of one inference.' })),
    'the number of cores, at most 8',
  ),
  embeddingCacheMb: setting(
    'KONTUR_EMBEDDING_CACHE_MB',
    count(512, 'Memory for embeddings of images seen before, in MiB; one embedding takes 2 MiB.'),
  ),
  jobTimeoutMs: setting('KONTUR_JOB_TIMEOUT_MS', count(60_000, 'Longest time one job may run, in milliseconds.')),
  maxQueuedPerProject: setting(
    'KONTUR_MAX_QUEUED_PER_PROJECT',
    count(20_000, 'Jobs of one project that may wait; beyond it a post is answered 429.'),
  ),
  maxPoints: setting('KONTUR_MAX_POINTS', count(100, 'Most points in one prompt.')),
  maxPixels: setting('KONTUR_MAX_PIXELS', count(100_000_000, 'Most pixels of an image (width times height).')),
  maxUploadBytes: setting('KONTUR_MAX_UPLOAD_BYTES', count(5_000_000_000, 'Largest upload, in bytes.')),
  corsOrigins: setting(
    'KONTUR_CORS_ORIGINS',
    Type.Array(Type.String({ pattern: '^https?://[^/?#]+$' }), {
      default: [],
      description: 'Browser origins that may call the API; in the environment a comma-separated list.',
    }),
  ),
  logLevel: setting(
    'KONTUR_LOG_LEVEL',
    Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      default: 'info',
      description: 'Least severe log lines to write.',
    }),
  ),
} satisfies Record<string, Setting>;
