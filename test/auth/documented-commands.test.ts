import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifySecret } from '../../src/auth/secret-hash.ts';
import { SECRET, startBuiltinServer } from '../../testing/builtin-server.ts';
import { createFolders, root, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';
import { createBrowser, submitLogin } from './sign-in.ts';

const PAGE = readFileSync(path.join(root, 'docs/auth.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text! }));
/** Commands within sentences. */
const INLINE = [...PAGE.matchAll(/`(npx --no-install kontur [^`]+)`/g)].map(([, command]) => command!);
const BUILTIN = path.join(root, 'docs/examples/builtin.config.json');
const OIDC = path.join(root, 'docs/examples/oidc.config.json');

const folders = createFolders();
let server: ServerProcess;
beforeAll(async () => {
  server = await startBuiltinServer(folders);
});
afterAll(async () => {
  await server?.end('SIGTERM');
  folders.remove();
});

/** Commands that a test has run, word for word. */
const run = new Set<string>();

/** Runs commands of the page, in a shell that stops at the first command that fails. */
function shell(commands: string, env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  run.add(commands);
  const { PATH = '' } = process.env;
  const own = { PATH, HOME: folders.home, TMPDIR: folders.temporary, npm_config_loglevel: 'error', NO_PROXY: '*' };
  return spawn('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { cwd: root, env: { ...own, ...env } });
}

/** @param answer is called with all that was written so far, and gives what to type in, once */
async function outputOf(
  child: ChildProcessWithoutNullStreams,
  answer: (output: string) => Promise<string | undefined> = async () => '',
): Promise<string> {
  let output = '';
  let errors = '';
  let typed = false;
  const type = async () => {
    const text = typed ? undefined : await answer(output);
    if (text === undefined || typed) return;
    typed = true;
    child.stdin.end(text);
  };
  child.stdout.on('data', (chunk) => {
    output += chunk;
    void type();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  await type();
  const [code] = await closed;
  expect(code, errors).toBe(0);
  return output;
}

function block(part: string): string {
  const found = BLOCKS.filter(({ text }) => text.includes(part));
  expect(found).toHaveLength(1);
  return found[0]!.text;
}

/** Objects that stand in a text one after the other. */
const objectsIn = (text: string) =>
  (text.match(/\{[^{}]*\}/g) ?? []).map((object) => JSON.parse(object) as { access_token?: string });

async function subjectOf(token: string | undefined): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/api/v1/token/inspect`, { headers });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { subject: string }).subject;
}

const client = () => ({ PUBLIC_URL: server.url, CLIENT_ID: 'robot', CLIENT_SECRET: SECRET });

it('every block of the page is of a shell', () => {
  expect(new Set(BLOCKS.map(({ language }) => language))).toEqual(new Set(['sh']));
});

it('a token of an identity provider, by client credentials', async () => {
  // The server's own issuer stands in for the provider.
  const env = { ...client(), TOKEN_URL: `${server.url}/oidc/token`, SCOPE: '' };
  const output = await outputOf(shell(block('$TOKEN_URL'), env));
  expect(await subjectOf(objectsIn(output)[0]?.access_token)).toBe('robot');
});

it('hashes of secrets, made up and typed in', async () => {
  const output = await outputOf(shell(block('hash-secret')), async () => 'pass word\n');
  const hashes = output.match(/scrypt\$\S+/g) ?? [];
  expect(hashes).toHaveLength(2);
  expect(await verifySecret('pass word', hashes[1]!)).toBe(true);
  expect(await verifySecret('pass word', hashes[0]!)).toBe(false);
});

it('tokens by client credentials, in the header and in the form', async () => {
  const tokens = objectsIn(await outputOf(shell(block('-u "$CLIENT_ID'), client())));
  expect(tokens).toHaveLength(2);
  for (const { access_token } of tokens) expect(await subjectOf(access_token)).toBe('robot');
});

it('a token by authorisation code with PKCE, with the page and the code by hand', async () => {
  const output = await outputOf(shell(block('CHALLENGE='), client()), async (soFar) => {
    const [, address] = /Open: (\S+)\n/.exec(soFar) ?? [];
    if (address === undefined) return undefined;
    const browser = createBrowser();
    const asked = await browser.visit(address);
    const page = new URL(asked.headers.get('location')!, address).href;
    const { location } = await submitLogin(browser, page, { name: 'anna', password: SECRET });
    expect(location).toMatch(/^http:\/\/127\.0\.0\.1:8765\/callback\?code=/);
    return `${new URL(location).searchParams.get('code')}\n`;
  });
  expect(await subjectOf(objectsIn(output)[0]?.access_token)).toBe('anna');
});

it('the commands within sentences', async () => {
  for (const file of [BUILTIN, OIDC]) {
    await outputOf(shell('npx --no-install kontur config check', { KONTUR_CONFIG: file }));
  }
  const development = createFolders();
  const running = await startServerProcess(development);
  try {
    const env = { KONTUR_DATA_DIR: development.data };
    const token = await outputOf(shell('npx --no-install kontur token', env));
    const headers = { authorization: `Bearer ${token.trim()}` };
    expect((await fetch(`${running.url}/api/v1/projects/demo`, { headers })).status).toBe(200);
  } finally {
    await running.end('SIGTERM');
    development.remove();
  }
});

it('no command of the page was left out', () => {
  const commands = [...BLOCKS.map(({ text }) => text), ...INLINE];
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((command) => !run.has(command))).toEqual([]);
});
