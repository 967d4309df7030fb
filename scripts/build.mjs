import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './ensure-ready.mjs';

requireNode();
if (!existsSync(path.join(root, 'node_modules', 'typescript'))) ensureInstalled();
ensureBuilt();
