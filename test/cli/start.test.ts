import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { preparing, ready } from '../../src/cli/welcome.ts';
import { startKonturProcess } from '../../testing/kontur-process.ts';
import { createFolders, root, runKontur } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

const newFolder = (name: string) => path.join(folders.base, name);

describe('where it cannot listen', () => {
  it('says so before it makes a data folder, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const data = newFolder('port-in-use');
    const { code, stderr } = await runKontur(['serve', '--port', `${port}`, '--data-dir', data], folders);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is in use.*--port`));
    expect(stderr).not.toMatch(/EADDRINUSE|^ +at /m);
    expect(existsSync(data)).toBe(false);
  });

  it('says that an address is not this machine’s', async () => {
    const data = newFolder('no-such-address');
    // A gateway may listen anywhere; a development server only on loopback.
    const flags = ['--host', '192.0.2.1', '--upstream', 'http://127.0.0.1:1', '--public-url', 'http://127.0.0.1:1'];
    const { code, stderr } = await runKontur(['serve', ...flags, '--data-dir', data], folders);
    expect(code).toBe(1);
    expect(stderr).toContain('This machine has no address 192.0.2.1 to listen on');
    expect(existsSync(data)).toBe(false);
  });

  it('makes no data folder for a model that there is not, either', async () => {
    const data = newFolder('no-such-model');
    const { code, stderr } = await runKontur(['serve', '--model', 'none', '--data-dir', data], folders);
    expect([code, existsSync(data)]).toEqual([1, false]);
    expect(stderr).toContain('There is no model none');
  });
});

describe('the first words', () => {
  it('are the address of the studio, and then what it waits for, and that it is ready', () => {
    const said = preparing('http://127.0.0.1:8321', { model: 'mobilesam', jobsConcurrency: 4 });
    expect(said.split('\n')).toEqual([
      'Studio  http://127.0.0.1:8321/studio/',
      '',
      'Starting: opening the database and loading the model mobilesam. The first start takes longer…',
      '',
    ]);
    expect(preparing('http://127.0.0.1:8321', { model: 'mobilesam', jobsConcurrency: 0 })).not.toContain('model');
    expect(ready(2.345, 'click')).toBe(
      'Ready after 2.3 s. Open the address above in a browser: one click signs you in.\n\n',
    );
    expect(ready(2.345, 'account')).toBe('Ready after 2.3 s. Open the address above in a browser.\n\n');
  });

  it('name an address that signs in where the server cannot know who clicks', () => {
    const entryUrl = 'http://127.0.0.1:8321/oidc/enter?key=k';
    expect(ready(1, { entryUrl }).split('\n')).toContain(`  ${entryUrl}`);
  });

  it('come before the database and the model are there', async () => {
    const server = await startKonturProcess('serve', folders, {
      env: { KONTUR_DATA_DIR: newFolder('first-words') },
      ready: /openapi\.json/,
    });
    await server.end('SIGTERM');
    const [first, ...others] = server.output().split('\n');
    expect(first).toMatch(/^Studio {2}http/);
    const order = ['Starting:', 'Ready after', 'Kontur listens at'].map((words) =>
      others.findIndex((line) => line.startsWith(words)),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
  });
});

describe('settings as options', () => {
  it.each(['serve', 'work', 'segment', 'token', 'migrate', 'backup', 'restore'])(
    '%s --help names them, whatever is set, and starts nothing',
    async (command) => {
      const env = { KONTUR_PORT: 'nonsense', KONTUR_NO: '1' };
      const { code, stdout, stderr } = await runKontur([command, '--help'], folders, { env });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(command === 'segment' ? /--cache-dir <text>/ : /--data-dir/);
    },
  );

  it('win over the environment, and are named in what is wrong with them', async () => {
    const flags = ['--port', '9321', '--data-dir', 'elsewhere', '--offline'];
    const { stdout } = await runKontur(['config', 'print', ...flags], folders, { env: { KONTUR_PORT: '1' } });
    const dataDir = path.join(folders.home, 'elsewhere');
    expect(JSON.parse(stdout)).toMatchObject({ port: 9321, dataDir, offline: true });
    const { code, stderr } = await runKontur(['serve', '--port', 'eighty', '--log-level', 'loud'], folders);
    expect(code).toBe(2);
    expect(stderr).toContain('--port is "eighty", but it must be a whole number');
    expect(stderr).toContain('--log-level is "loud", but it must be one of');
  });

  it('config print says nothing of a secret that is not set', async () => {
    const { stdout } = await runKontur(['config', 'print'], folders);
    expect(stdout).not.toContain('not shown');
    expect(JSON.parse(stdout)).not.toHaveProperty('databaseUrl');
  });
});

describe('log lines', () => {
  const linesOf = async (format: string) => {
    const env = { KONTUR_LOG_FORMAT: format, KONTUR_LOG_LEVEL: 'info', KONTUR_DATA_DIR: newFolder(`log-${format}`) };
    const server = await startKonturProcess('serve', folders, { env, ready: /openapi\.json/ });
    await server.end('SIGTERM');
    return server.output().split('\n');
  };

  it('are JSON where no terminal is', async () => {
    const line = (await linesOf('auto')).find((each) => each.includes('the server listens')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'the server listens' });
  });

  it('are text on request', async () => {
    const lines = await linesOf('text');
    expect(lines.find((each) => each.includes('the server listens'))).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: the server/,
    );
    expect(lines.filter((each) => each.startsWith('{'))).toEqual([]);
  });

  it.runIf(existsSync('/usr/bin/script'))('are text on a terminal, one line each', async () => {
    const data = newFolder('terminal');
    const command = `${process.execPath} ${path.join(root, 'bin/kontur.js')} serve --port 0 --data-dir ${data} --log-level info`;
    const env = {
      PATH: process.env.PATH,
      HOME: folders.home,
      TMPDIR: folders.temporary,
      TERM: 'xterm',
      SHELL: '/bin/sh',
    };
    const shell = `(${command} & server=$!; while ! test -f ${data}/server.json; do sleep 0.1; done; kill $server; wait $server)`;
    const { stdout } = await promisify(execFile)('script', ['-qec', shell, '/dev/null'], { env });
    const lines = stdout.split(/\r?\n/);
    expect(lines[0]).toMatch(/^Studio {2}http:\/\/127\.0\.0\.1:\d+\/studio\/$/);
    expect(lines).toContain(
      'Starting: opening the database and loading the model mobilesam. The first start takes longer…',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal shows in colours
    const plain = lines.map((line) => line.replaceAll(/\u001b\[[\d;]*m/g, ''));
    expect(plain.some((line) => /^\[.*\] INFO: the server listens/.test(line))).toBe(true);
    expect(plain.filter((line) => line.startsWith('{'))).toEqual([]);
  });
});

describe('the guard of every entry', () => {
  /** The entries of a clone, without what is built. */
  function clone(name: string, change: (manifest: { engines: { node: string } }) => void = () => {}): string {
    const folder = newFolder(name);
    for (const part of ['bin', 'lib', 'scripts'])
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    change(manifest);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    return folder;
  }
  const entries = (folder: string): [string, string[]][] => [
    ['command', [path.join(folder, 'bin/kontur.js'), '--version']],
    ['import', ['--input-type=module', '-e', `await import(${JSON.stringify(path.join(folder, 'lib/index.js'))})`]],
    ['require', ['-e', `require(${JSON.stringify(path.join(folder, 'lib/index.cjs'))})`]],
  ];
  const complaintOf = (args: string[]) =>
    promisify(execFile)(process.execPath, args, { cwd: folders.home }).then(
      ({ stderr }) => stderr,
      ({ stderr }: { stderr: string }) => stderr,
    );

  it('says that Kontur has not been built', async () => {
    for (const [, args] of entries(clone('unbuilt')))
      expect(await complaintOf(args)).toMatch(/not built yet.*run build/);
  });

  it('says that this Node is too old', async () => {
    const folder = clone('old-node', ({ engines }) => {
      engines.node = '>=99.1.0';
    });
    const script = ['script', [path.join(folder, 'scripts/build.mjs')]] as [string, string[]];
    for (const [, args] of [...entries(folder), script]) {
      expect(await complaintOf(args)).toContain(`Kontur needs Node 99.1 or newer; this is ${process.version}.`);
    }
  });

  it('says that the sources are newer than what was built of them', async () => {
    const folder = clone('stale');
    for (const part of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'])
      cpSync(path.join(root, part), path.join(folder, part));
    for (const sources of ['src', 'studio', 'docs']) mkdirSync(path.join(folder, sources));
    writeFileSync(path.join(folder, 'docs/openapi.json'), '{}');
    mkdirSync(path.join(folder, 'dist/cli'), { recursive: true });
    mkdirSync(path.join(folder, 'dist/segment'));
    const source = path.join(folder, 'src/some.ts');
    writeFileSync(source, 'export const one = 1;');
    writeFileSync(path.join(folder, 'dist/cli/main.js'), '');
    writeFileSync(path.join(folder, 'dist/segment/library.js'), 'export const createSegmenter = 1, KonturError = 1;');
    const stamp = `import guard from ${JSON.stringify(path.join(folder, 'bin/guard.cjs'))}; import fs from 'node:fs'; fs.writeFileSync(guard.stamp, guard.hashInputs());`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', stamp]);
    const later = new Date(Date.now() + 60_000);
    utimesSync(source, later, later);
    // Only touched, as git does.
    for (const [, args] of entries(folder)) expect(await complaintOf(args)).toBe('');
    writeFileSync(source, 'export const one = 2;');
    utimesSync(source, later, later);
    for (const [, args] of entries(folder))
      expect(await complaintOf(args)).toContain('before its sources were changed');
    expect(readdirSync(path.join(folder, 'src'))).toEqual(['some.ts']);
  });
});
