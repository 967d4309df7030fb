import path from 'node:path';
import { ensureReady, root, run, step } from './ensure-ready.mjs';

// npm run test:node -- VERSION [arguments of Vitest]: what Kontur is for, or those tests, on another Node, which comes
// from npm. VERSION is what npm takes for one: 22, 24.1.0, latest.
const [version, ...vitest] = process.argv.slice(2);
if (version === undefined || version.startsWith('-')) {
  process.stderr.write('Usage: npm run test:node -- VERSION [arguments of Vitest]\n');
  process.exit(2);
}
ensureReady();
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const folder = path.join(root, 'node_modules', '.cache', 'node', version);
step(`Installing ${name}@${version}`);
run('npm', ['install', '--no-save', '--no-package-lock', '--loglevel=error', '--prefix', folder, `${name}@${version}`]);
const node = path.join(folder, 'node_modules', name, 'bin', 'node');
run(node, vitest.length > 0 ? ['node_modules/vitest/vitest.mjs', 'run', ...vitest] : ['scripts/try-node.mjs']);
