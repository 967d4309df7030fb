import path from 'node:path';
import { ensureReady, run } from './ensure-ready.mjs';

// npm run bench, npm run eval: makes ready, then runs the measuring script named first with the arguments behind it.
ensureReady();
const [script, ...args] = process.argv.slice(2);
run(process.execPath, ['--import', 'tsx', path.join('bench', `${script}.ts`), ...args]);
