import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './ensure-ready.mjs';

// `npm pack` runs this first, so that a clone as it comes from git gives a whole package. dist/ is built from nothing:
// what an older version left there does not get into the package.
requireNode();
ensureInstalled();
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
ensureBuilt();
