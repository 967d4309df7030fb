import { ensureReady, run } from './ensure-ready.mjs';

// npm run bench, eval, soak, parity, fuzz: makes ready, then runs the TypeScript file named first, with the arguments behind it.
ensureReady();
run(process.execPath, ['--conditions=kontur-source', '--import', 'tsx', ...process.argv.slice(2)]);
