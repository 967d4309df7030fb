import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureReady, root } from './ensure-ready.mjs';

ensureReady();
const server = spawn(process.execPath, [path.join(root, 'bin', 'kontur.js'), 'serve'], { cwd: root, stdio: 'inherit' });
// A terminal sends Ctrl-C to the whole group: the server drains by itself, and this process only waits for it. A
// SIGTERM is sent to one process alone and has to be handed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code, signal) => process.exit(signal ? 1 : code));
