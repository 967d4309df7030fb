import { register } from 'node:module';
import process from 'node:process';

// Runs TypeScript as it stands: node --conditions=kontur-source --import ./scripts/run-sources.mjs FILE.ts
// Node 22.18 and later do so by themselves. For those before, types are removed here, in worker threads too.
if (!process.features.typescript) {
  register('./source-hooks.mjs', import.meta.url);
  process.setSourceMapsEnabled(true);
}
