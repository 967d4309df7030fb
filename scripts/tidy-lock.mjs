import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './ensure-ready.mjs';

// Run after `npm install NAME`, which writes into package-lock.json what is taken out here
// (docs/decisions/0063-no-install-scripts.md). npm runs an install script only where the lock file says that there is
// one.
const file = path.join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const [name, entry] of Object.entries(lock.packages)) {
  delete entry.hasInstallScript;
  // What has been tried, and not what it declares (docs/decisions/0052-node-20-and-the-queue.md).
  if (name === 'node_modules/pg-boss') entry.engines = { node: '>=20.19.0' };
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
