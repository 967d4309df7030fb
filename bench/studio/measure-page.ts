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
  const weigh = (name: string): number => {
    const content = readFileSync(path.join(ASSETS, name));
    const isOwn = !name.startsWith('decoder-worker') && !RUNTIME.test(content.toString('latin1'));
    return isOwn ? gzipSync(content, { level: 9 }).length / 1000 : 0;
  };
  const index = files.length === 0 ? '' : readFileSync(path.join(ASSETS, '..', 'index.html'), 'utf8');
  const sum = (names: readonly string[]) => names.reduce((kilobytes, name) => kilobytes + weigh(name), 0);
  return [
    {
      name: 'own script and style of the page, gzip',
      measured: files.length === 0 ? Number.NaN : sum(files.filter((name) => index.includes(name))),
      target: { atMost: 350 },
      unit: 'kB',
      note: 'What index.html loads: the library and the photo screen. The decoder and its runtime load when a photo is opened.',
    },
    {
      name: 'the same with all that loads later: dialogs, health, other languages, workers, gzip',
      measured: files.length === 0 ? Number.NaN : sum(files),
      unit: 'kB',
    },
    {
      name: 'layout shift of the photo screen',
      measured: await page.evaluate(() => studioWatch.layoutShift.photo),
      target: { atMost: 0 },
    },
  ];
}
