import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureReady, root } from './ensure-ready.mjs';

// Writes the generated pages of docs/: configuration.md, errors.md and openapi.json. A test fails when they are out of date.
ensureReady();
const { describeSettings } = await import('../dist/config/describe-settings.js');
const { describeErrors } = await import('../dist/contract/describe-errors.js');
const { loadConfig } = await import('../dist/config/load-config.js');
const { startServer } = await import('../dist/start/start-server.js');

const write = (name, text) => writeFileSync(path.join(root, 'docs', name), text);
write('configuration.md', describeSettings());
write('errors.md', describeErrors());

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-docs-'));
const server = await startServer(loadConfig({ KONTUR_PORT: '0', KONTUR_DATA_DIR: folder, KONTUR_LOG_LEVEL: 'error' }));
const description = await fetch(`${server.url}/openapi.json`).then((response) => response.json());
await server.close();
rmSync(folder, { recursive: true });
write('openapi.json', `${JSON.stringify(description, null, 2)}\n`.replaceAll(server.url, 'http://127.0.0.1:8321'));
