import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureReady, root } from './ensure-ready.mjs';

// Writes what is generated of docs/: configuration.md, errors.md, outputs.md, openapi.json, and from docs/measurements/
// the figures between markers in README.md and docs/. Tests fail when they are out of date.
ensureReady();
const { describeSettings } = await import('../dist/config/describe-settings.js');
const { describeErrors } = await import('../dist/contract/describe-errors.js');
const { describeFormats } = await import('../dist/outputs/describe-formats.js');
const { loadConfig } = await import('../dist/config/load-config.js');
const { startServer } = await import('../dist/start/start-server.js');

const write = (name, text) => writeFileSync(path.join(root, 'docs', name), text);
write('configuration.md', describeSettings());
write('errors.md', describeErrors());
write('outputs.md', describeFormats());

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-docs-'));
const server = await startServer(loadConfig({ KONTUR_PORT: '0', KONTUR_DATA_DIR: folder, KONTUR_LOG_LEVEL: 'error' }));
const description = await fetch(`${server.url}/openapi.json`).then((response) => response.json());
await server.close();
rmSync(folder, { recursive: true });
write('openapi.json', `${JSON.stringify(description, null, 2)}\n`.replaceAll(server.url, 'http://127.0.0.1:8321'));

await import('./run-sources.mjs');
const { writeFigures } = await import('../bench/figures/write-figures.ts');
for (const page of writeFigures()) process.stdout.write(`${page}\n`);
