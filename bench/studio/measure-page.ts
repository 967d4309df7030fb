import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../testing/server-process.ts';
import type { Studio } from '../../testing/studio/open-studio.ts';
import type { Row } from '../row.ts';

const ASSETS = path.join(root, 'dist', 'studio', 'assets');

/** What comes from onnxruntime-web, in whichever file: these words are in its code, and in none of ours. */
const RUNTIME = /ortWasm|_OrtInit|OrtCreateSession/;

/** Measures what the page weighs, and whether anything in it has moved by itself. */
export async function measurePage({ page }: Studio): Promise<Row[]> {
  const files = existsSync(ASSETS) ? readdirSync(ASSETS).filter((name) => /\.(js|mjs|css)$/.test(name)) : [];
  const own = files
    .filter((name) => !name.startsWith('decoder-worker'))
    .map((name) => readFileSync(path.join(ASSETS, name)))
    .filter((content) => !RUNTIME.test(content.toString('latin1')));
  const weight = own.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0) / 1000;
  return [
    {
      name: 'own script and style of the page, gzip',
      measured: own.length === 0 ? Number.NaN : weight,
      target: { atMost: 350 },
      unit: 'kB',
      note: 'All of dist/studio/assets but the decoder and the WebAssembly runtime, which load when a photo is opened.',
    },
    {
      name: 'layout shift of the photo screen',
      measured: await page.evaluate(() => studioWatch.layoutShift.photo),
      target: { atMost: 0 },
    },
  ];
}
