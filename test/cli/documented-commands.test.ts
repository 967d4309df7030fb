import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPrompt } from '#contract/vision/check-prompt';
import { freePort } from '../../testing/free-port.ts';
import { createFolders, environment, PHOTO, root } from '../../testing/server-process.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';

/** Blocks of a page in one language; those of a shell have the language `sh`. */
function blocksOf(page: string, language = 'sh'): string[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.filter(([, of]) => of === language).map(([, , block]) => block ?? '');
}

/** Pages whose blocks are run here; the blocks of docs/auth.md have their own test. */
const PAGES = ['README.md', 'docs/gateway.md', 'docs/models.md', 'docs/scale.md'];
const run = new Set<string>();

function block(page: string, part: string): string {
  const found = blocksOf(page).filter((text) => text.includes(part));
  expect([part, found.length]).toEqual([part, 1]);
  run.add(found[0] ?? '');
  return found[0] ?? '';
}

const folders = createFolders();
afterAll(() => folders.remove());

const optionsOf = (env: Record<string, string>) => ({
  cwd: root,
  env: { ...environment(folders), npm_config_loglevel: 'error', ...env },
});

/** What a shell makes of commands that come to an end. */
const shell = (commands: string, env: Record<string, string> = {}) =>
  promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', commands], {
    ...optionsOf(env),
    maxBuffer: 1 << 26,
  });

/** Runs commands of which the last does not end, until it says what matches; then ends it. */
async function untilReady(commands: string, ready: RegExp, env: Record<string, string> = {}): Promise<string> {
  const child: ChildProcess = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', commands], {
    ...optionsOf(env),
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  const closed = once(child, 'close');
  while (!ready.test(output)) {
    if (child.exitCode !== null) throw new Error(`${commands} ended: ${output}`);
    await sleep(20);
  }
  // The whole group: npx is between the shell and Kontur.
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await closed;
  return output;
}

describe('docs/scale.md', () => {
  const secrets = path.join(folders.base, 'secrets');
  let removeDatabase: () => Promise<void>;
  beforeAll(async () => {
    const { url, remove } = await newPostgresDatabase();
    removeDatabase = remove;
    mkdirSync(secrets);
    mkdirSync(path.join(folders.base, 'store'));
    writeFileSync(path.join(secrets, 'database-url'), url);
  });
  afterAll(() => removeDatabase());

  it('the processes of its example start, one after the other', async () => {
    const ports = [await freePort(), await freePort()];
    const shared = block('docs/scale.md', 'KONTUR_DATABASE_URL_FILE')
      .replace('/run/secrets', secrets)
      .replace('/mnt/kontur', path.join(folders.base, 'store'))
      .replace('/etc/kontur/kontur.config.json', path.join(root, 'docs/examples/builtin.config.json'));
    // Its example is for machines that others reach.
    const env = { KONTUR_HOST: '127.0.0.1' };
    const { stdout } = await shell(`${shared}\n${block('docs/scale.md', 'kontur migrate')}`, env);
    expect(stdout).toMatch(/Applied|up to date/);
    const [serve = '', work = ''] = [block('docs/scale.md', 'kontur serve'), block('docs/scale.md', 'kontur work')];
    await untilReady(`${shared}\n${serve.replace('8321', `${ports[0]}`)}`, /listens at/, env);
    await untilReady(`${shared}\n${work.replace('8400', `${ports[1]}`)}`, /works on 4 jobs/, env);
  });

  it('the settings of a bucket are settings', async () => {
    const bucket = block('docs/scale.md', 'AWS_REGION').replaceAll('…', 'key');
    const { stdout } = await shell(`${bucket}\nnpx --no-install kontur config print`);
    expect(JSON.parse(stdout).blobs).toMatchObject({ bucket: 'photos', prefix: 'kontur/' });
  });
});

it('docs/gateway.md: the server starts', async () => {
  const upstream = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const command = block('docs/gateway.md', 'KONTUR_UPSTREAM')
    .replace('https://westeurope-1.cognitedata.com', `http://127.0.0.1:${port}`)
    .replace('0.0.0.0', '127.0.0.1');
  expect(await untilReady(command, /openapi\.json/)).toContain('in front of');
  upstream.close();
});

describe('docs/models.md', () => {
  const files = ['efficient_sam_vits_encoder.onnx', 'efficient_sam_vits_decoder.onnx'];
  const stick = path.join(folders.base, 'stick');
  const models = path.join(folders.base, 'models');
  const sums = files.map((name) => createHash('sha256').update(name).digest('hex'));
  const accepted = sums.map((sum) => ` --accept-checksum ${sum}`).join('');
  beforeAll(() => {
    mkdirSync(stick);
    for (const name of files) writeFileSync(path.join(stick, name), name);
  });

  it('models are listed and verified', async () => {
    const [list = '', , verify = ''] = block('docs/models.md', 'kontur models list').split('\n');
    expect((await shell(list)).stdout).toContain('efficientsam-s');
    expect((await shell(verify)).stdout).toContain('fine');
  });

  it('models are pulled from a folder and from a mirror, and confirmed by their checksums', async () => {
    const mirror = createServer((request, answer) => {
      const name = path.basename(request.url ?? '');
      answer.end(files.includes(name) ? name : undefined);
    }).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    const { port } = mirror.address() as AddressInfo;
    const [fromFolder = '', fromMirror = ''] = block('docs/models.md', '/media/usb/models')
      .replace('/media/usb/models', stick)
      .replace('https://mirror.example.com', `http://127.0.0.1:${port}`)
      .trim()
      .split('\n');
    for (const [command, place] of [
      [fromFolder, path.join(models, 'folder')],
      [fromMirror, path.join(models, 'mirror')],
    ] as const) {
      await shell(`${command}${accepted}`, { KONTUR_MODELS_DIR: place });
      expect(readdirSync(path.join(place, 'efficientsam-s'))).toEqual(expect.arrayContaining(files));
    }
    mirror.close();
  });

  it('a model is fetched where the network may be used, with checksums on the command line', async () => {
    // The publishers cannot be reached from here, so that the commands end with what says how to go on.
    const [, pull = ''] = block('docs/models.md', 'kontur models list').split('\n');
    const accept = block('docs/models.md', '--accept-checksum').replaceAll(/"\$\w+"/g, sums[0] ?? '');
    for (const command of [pull, accept]) {
      const { stderr } = await shell(command, { KONTUR_OFFLINE: 'true' }).then(
        () => ({ stderr: 'it was fetched' }),
        (error: { stderr: string }) => error,
      );
      expect(stderr).toContain('--from');
    }
  });
});

describe('README.md', () => {
  it('is packed and installed as it says, which test/package/install.test.ts does', () => {
    expect(block('README.md', 'npm pack').trim().split('\n')).toEqual([
      'npm pack',
      expect.stringContaining('npm install -g'),
    ]);
  });

  it('the photo is cut out', async () => {
    writeFileSync(path.join(folders.home, 'photo.jpg'), PHOTO);
    const command = block('README.md', 'kontur segment').replaceAll('photo.jpg', path.join(folders.home, 'photo.jpg'));
    const { stderr } = await shell(command.replace('cut.png', path.join(folders.home, 'cut.png')));
    expect(stderr).toContain('as cutout');
    expect(readdirSync(folders.home)).toContain('cut.png');
  });
});

describe('README.md, in addition to its commands', () => {
  it('the program with the library runs', async () => {
    const project = path.join(folders.base, 'program');
    mkdirSync(path.join(project, 'node_modules'), { recursive: true });
    symlinkSync(root, path.join(project, 'node_modules', 'kontur-segment'), 'junction');
    writeFileSync(path.join(project, 'photo.jpg'), PHOTO);
    const [program = ''] = blocksOf('README.md', 'ts');
    writeFileSync(path.join(project, 'program.mjs'), `${program}\nconsole.log(segments.length);`);
    const options = { ...optionsOf({}), cwd: project };
    const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], options);
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  it('the body of a request is one', () => {
    const [body = ''] = blocksOf('README.md', 'json');
    const { items, ...prompt } = JSON.parse(body);
    expect(items).toEqual([{ fileId: expect.any(Number) }]);
    expect(checkPrompt(prompt, 100).points).toHaveLength(2);
  });
});

it('no page has commands that no test runs', () => {
  const folder = path.join(root, 'docs');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name.split(path.sep).join('/')));
  // docs/auth.md has its own test.
  const untried = [...pages, 'README.md', 'PARITY.md', 'SECURITY.md']
    .filter((page) => page !== 'docs/auth.md' && !PAGES.includes(page))
    .filter((page) => blocksOf(page).length > 0);
  expect(untried).toEqual([]);
  const unmarked = pages
    .flatMap((page) => blocksOf(page, ''))
    .filter((block) => /^ *(npx|kontur|export|curl) /m.test(block));
  expect(unmarked).toEqual([]);
});

it('no command of these pages was left out', () => {
  const commands = PAGES.flatMap((page) => blocksOf(page));
  expect(commands.length).toBeGreaterThan(8);
  expect(commands.filter((command) => !run.has(command))).toEqual([]);
});
