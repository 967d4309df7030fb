import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL('../node_modules/.cache/kontur-sources', import.meta.url));
/** Raised with the options below: what was kept before is not used any more. */
const VERSION = 1;

/** Hook of Node for run-sources.mjs: the content of a module. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: compile(fileURLToPath(url)), shortCircuit: true };
}

/** JavaScript of a source, kept under a hash of it: the compiler takes longer to load than all of a child's modules. */
function compile(file) {
  const source = readFileSync(file, 'utf8');
  const hash = createHash('sha256').update(`${VERSION} ${file}\n`).update(source).digest('hex');
  const kept = path.join(cache, `${hash}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const ts = require('typescript');
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  });
  // Processes that start at the same time may each write it.
  const draft = path.join(cache, `.${hash}.${randomUUID()}`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(draft, outputText);
  renameSync(draft, kept);
  return outputText;
}
