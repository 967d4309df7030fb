import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../testing/server-process.ts';

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

it.each(['bench', 'bench:jobs', 'eval', 'soak', 'chaos', 'parity', 'fuzz'])(
  'npm run %s runs a file that is there',
  (name) => {
    const [, tool, file] = /^node (\S+) (\S+\.ts)$/.exec(scripts[name] ?? '') ?? [];
    expect(tool).toBe('scripts/run-tool.mjs');
    expect(existsSync(path.join(root, file!))).toBe(true);
  },
);
