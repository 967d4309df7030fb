import { ensureReady, run } from './ensure-ready.mjs';

// npm run bench, eval, soak, parity, fuzz: makes ready, then runs the TypeScript file named first, with the arguments
// behind it.
ensureReady();
const flags = ['--conditions=kontur-source', '--import', new URL('./run-sources.mjs', import.meta.url).href];
run(process.execPath, [...flags, ...process.argv.slice(2)]);
