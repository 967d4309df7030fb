import { ClientsSchema, ProjectsSchema, UsersSchema } from './access-settings.ts';
import { count, fileSetting, type Setting, secretSetting, setting } from './setting.ts';

/** Every setting, in the order of docs/configuration.md. The keys are those of `Config`. */
export const SETTINGS = {
  host: setting('KONTUR_HOST', {
    type: 'string',
    minLength: 1,
    default: '127.0.0.1',
    description: 'Address to listen on.',
  }),
  port: setting('KONTUR_PORT', {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8321,
    description: 'Port to listen on; 0 picks a free one.',
  }),
  publicUrl: setting(
    'KONTUR_PUBLIC_URL',
    {
      type: 'string',
      pattern: '^https?://[^/?#]+$',
      description:
        'Address under which clients reach the server, without a path: the only source of the token issuer and of upload and download links. Set it behind a reverse proxy.',
    },
    'from host and port',
  ),
  dataDir: setting(
    'KONTUR_DATA_DIR',
    {
      type: 'string',
      minLength: 1,
      description: 'Folder of the database, uploaded content, keys and development credentials.',
    },
    '`data` in the working folder if that is a clone of Kontur or has its data already; else your folder for data of programs, such as `~/.local/share/kontur`',
  ),
  cacheDir: setting(
    'KONTUR_CACHE_DIR',
    { type: 'string', minLength: 1, description: 'Folder of prepared model graphs; safe to delete.' },
    '`cache` in KONTUR_DATA_DIR if that is set; else your folder for caches of programs, such as `~/.cache/kontur`',
  ),
  databaseUrl: secretSetting(
    'KONTUR_DATABASE_URL',
    {
      type: 'string',
      pattern: '^postgres(ql)?://.+',
      description:
        'PostgreSQL (13 or newer) to keep rows and queue in, as `postgres://user:password@host:5432/name`. Any number of `kontur serve` and `kontur work` processes may share it (see [scale.md](scale.md)).',
    },
    'none: PGlite in the data folder',
  ),
  blobs: setting(
    'KONTUR_BLOBS',
    {
      type: 'string',
      minLength: 1,
      description:
        'Where uploaded content is kept: a folder, or `s3://bucket/prefix` in an S3-compatible store (see [scale.md](scale.md)). Processes that share a database share it too; a folder is then one that all of them mount.',
    },
    '`blobs` in the data folder',
  ),
  blobsDirect: setting('KONTUR_BLOBS_DIRECT', {
    type: 'boolean',
    default: false,
    description:
      'With `s3://`: `true` hands out upload and download links that lead straight to the store, which clients then have to reach (see [scale.md](scale.md)).',
  }),
  blobsCacheMb: setting(
    'KONTUR_BLOBS_CACHE_MB',
    count(4096, 'With `s3://`: room in the cache folder for copies of images that jobs have read, in MiB.'),
  ),
  auth: setting('KONTUR_AUTH', {
    enum: ['development', 'builtin', 'oidc'],
    default: 'development',
    description:
      'Where tokens come from (see [auth.md](auth.md)). `development`: an embedded OpenID Connect issuer with a generated client, only when bound to a loopback address. `builtin`: the embedded issuer with the clients and users of the configuration file. `oidc`: your own identity provider.',
  }),
  upstream: setting(
    'KONTUR_UPSTREAM',
    {
      type: 'string',
      pattern: '^https?://[^/?#@]+$',
      description:
        'Gateway mode (see [gateway.md](gateway.md)): the CDF cluster, or other Kontur, that has the projects and their files. It judges tokens, so `KONTUR_AUTH` has no part in it.',
    },
    'none',
  ),
  allowHttp: setting('KONTUR_ALLOW_HTTP', {
    type: 'boolean',
    default: false,
    description:
      'Lets `KONTUR_PUBLIC_URL` and issuers beyond this machine be http addresses. Passwords and tokens then cross the network in the clear.',
  }),
  projects: fileSetting('KONTUR_PROJECTS', ProjectsSchema),
  clients: fileSetting('KONTUR_CLIENTS', ClientsSchema),
  users: fileSetting('KONTUR_USERS', UsersSchema),
  redirectUris: setting('KONTUR_REDIRECT_URIS', {
    type: 'array',
    items: { type: 'string', pattern: '^https?://[^?#]+$' },
    default: [],
    description:
      'With `builtin` and `development`: addresses that browser apps of the client `kontur-studio` may be sent back to after signing in or out; in the environment a comma-separated list.',
  }),
  samplePhoto: setting('KONTUR_SAMPLE_PHOTO', {
    type: 'boolean',
    default: true,
    description:
      'With `development`: a new data folder begins with a photo of boats, to try the studio on. `false`: without any file.',
  }),
  studioClientId: setting(
    'KONTUR_STUDIO_CLIENT_ID',
    {
      type: 'string',
      minLength: 1,
      description:
        'With `oidc` and in gateway mode: the public client at your identity provider that the studio signs in as (see [auth.md](auth.md#the-studio)). Without it nobody can sign in there.',
    },
    'none',
  ),
  studioScope: setting(
    'KONTUR_STUDIO_SCOPE',
    {
      type: 'string',
      minLength: 1,
      description:
        'The scopes that the studio asks for, with a space between two. Many providers want one that names the API, such as `api://kontur/.default`; without `offline_access` people sign in again when their token ends.',
    },
    '`openid offline_access`',
  ),
  studioIssuer: setting(
    'KONTUR_STUDIO_ISSUER',
    {
      type: 'string',
      pattern: '^https?://[^?#]+$',
      description:
        'The issuer that the studio signs in at. Required in gateway mode, where tokens are those that the upstream accepts.',
    },
    'with `oidc` that of the first project',
  ),
  model: setting('KONTUR_MODEL', {
    type: 'string',
    minLength: 1,
    default: 'mobilesam',
    description: 'Model that segments, by its name in `kontur models list` (see [models.md](models.md)).',
  }),
  modelsDir: setting(
    'KONTUR_MODELS_DIR',
    {
      type: 'string',
      minLength: 1,
      description: 'Folder of models that do not come with the package, and of their confirmed checksums.',
    },
    '`models` in the data folder',
  ),
  provider: setting('KONTUR_PROVIDER', {
    type: 'string',
    pattern: '^[a-z0-9]+$',
    default: 'cpu',
    description:
      'Execution provider of onnxruntime: `cpu`, or another that the installed onnxruntime-node has (`cuda`, `webgpu`, `coreml`, …). One that does not load stops the server at start.',
  }),
  offline: setting('KONTUR_OFFLINE', {
    type: 'boolean',
    default: false,
    description: '`true`: no model is ever fetched over the network; `kontur models pull` takes a folder only.',
  }),
  engineThreads: setting(
    'KONTUR_ENGINE_THREADS',
    { type: 'integer', minimum: 1, maximum: 256, description: 'Threads that encode; half as many decode a prompt.' },
    'the number of cores, at most 8',
  ),
  precision: setting('KONTUR_PRECISION', {
    enum: ['auto', 'int8', 'fp32'],
    default: 'auto',
    description: 'Arithmetic of the encoder: `auto` takes int8 where the processor has instructions for it, else fp32.',
  }),
  aspectBuckets: setting('KONTUR_ASPECT_BUCKETS', {
    type: 'boolean',
    default: true,
    description:
      'Encodes photos that are not square without most of their padding, with graphs for 16:9, 3:2, 4:3 and 5:4; the model `mobilesam` on the CPU only. `false`: every image in the square.',
  }),
  detailWindows: setting('KONTUR_DETAIL_WINDOWS', {
    type: 'boolean',
    default: true,
    description:
      'What a box or a click marks, if it is small in a photo of 2048 pixels or more, is examined in a part of the photo, at its own resolution (see [windows of large photos](engine/masks.md#windows-of-large-photos)): better masks, and one more encode for the first prompt in each part. `false`: every prompt sees the whole photo.',
  }),
  embeddingCacheMb: setting(
    'KONTUR_EMBEDDING_CACHE_MB',
    count(512, 'Memory for embeddings of images seen before, in MiB; one embedding takes 2 MiB.'),
  ),
  embeddingStoreMb: setting('KONTUR_EMBEDDING_STORE_MB', {
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000_000,
    default: 4096,
    description:
      'Room on disk for embeddings, in MiB, so that a restarted server or another process need not encode an image again; 0 keeps none.',
  }),
  warmOnUpload: setting('KONTUR_WARM_ON_UPLOAD', {
    type: 'boolean',
    default: false,
    description:
      'Encodes images in the background as soon as they are uploaded, so that the first job on each finds that done. Jobs that wait go first.',
  }),
  jobsConcurrency: setting('KONTUR_JOBS_CONCURRENCY', {
    type: 'integer',
    minimum: 0,
    maximum: 256,
    default: 4,
    description:
      'Jobs in work at once in this process: enough for prompts on known images to pass one that waits for the encoder. 0: no engine is loaded, and other processes run the jobs.',
  }),
  jobTimeoutMs: setting(
    'KONTUR_JOB_TIMEOUT_MS',
    count(
      60_000,
      'Longest time one job may run, in milliseconds; on a machine with more work than cores, up to ten times as long.',
    ),
  ),
  maxQueuedPerProject: setting(
    'KONTUR_MAX_QUEUED_PER_PROJECT',
    count(20_000, 'Jobs of one project that may wait; beyond it a post is answered 429.'),
  ),
  maxQueued: setting(
    'KONTUR_MAX_QUEUED',
    count(100_000, 'Jobs of all projects together that may wait; beyond it a post is answered 429.'),
  ),
  retentionDays: setting('KONTUR_RETENTION_DAYS', {
    type: 'integer',
    minimum: 1,
    maximum: 36_500,
    default: 30,
    description: 'Jobs are deleted with their results this many days after they ended.',
  }),
  maxPoints: setting('KONTUR_MAX_POINTS', count(100, 'Most points in one prompt.')),
  maxPixels: setting('KONTUR_MAX_PIXELS', count(110_000_000, 'Most pixels of an image (width times height).')),
  maxUploadBytes: setting('KONTUR_MAX_UPLOAD_BYTES', count(5_000_000_000, 'Largest upload, in bytes.')),
  corsOrigins: setting('KONTUR_CORS_ORIGINS', {
    type: 'array',
    items: { type: 'string', pattern: '^https?://[^/?#]+$' },
    default: [],
    description: 'Browser origins that may call the API; in the environment a comma-separated list.',
  }),
  trustedProxies: setting('KONTUR_TRUSTED_PROXIES', {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    description:
      'Addresses or ranges (10.0.0.0/8) of reverse proxies, whose `X-Forwarded-For` says who the client is: limits for wrong secrets and sign-ins count clients, not the proxy. In the environment a comma-separated list. Headers of anyone else are not looked at.',
  }),
  logLevel: setting('KONTUR_LOG_LEVEL', {
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'Least severe log lines to write.',
  }),
  logFormat: setting('KONTUR_LOG_FORMAT', {
    enum: ['auto', 'text', 'json'],
    default: 'auto',
    description: 'Log lines as text for people or as JSON for programs. `auto`: text on a terminal, JSON elsewhere.',
  }),
} satisfies Record<string, Setting>;
