import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const root = import.meta.dirname;

/** Where a server runs whose API the development server of Vite (`npx vite studio`) hands on. */
const SERVER = process.env.KONTUR_PUBLIC_URL ?? 'http://127.0.0.1:8321';
const HANDED_ON = ['/api', '/oidc', '/readyz', '/healthz', '/metrics', '/openapi.json', '/studio/config.json'];

/** The module of the built server that names the rules; the page has to be built after it. */
const { readRulesVersion }: { readRulesVersion(): Promise<string> } = await import(
  new URL('../dist/engine/read-rules-version.js', import.meta.url).href
);

/** Builds the studio into `dist/studio/`, which the server serves below `/studio/`. */
export default defineConfig({
  root,
  base: '/studio/',
  plugins: [react()],
  resolve: { conditions: ['kontur-source', ...defaultClientConditions] },
  worker: { format: 'es' },
  define: { RULES_VERSION: JSON.stringify(await readRulesVersion()) },
  build: {
    outDir: `${root}/../dist/studio`,
    emptyOutDir: true,
    target: 'es2023',
    // The first that know light-dark(), which is replaced for older ones by what Mantine's colour schemes do not set.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A file inlined into a script would be counted, and refused by the content security policy.
    assetsInlineLimit: 0,
    // Licences of the packages whose code is in the page.
    license: { fileName: 'licences.txt' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: Object.fromEntries(HANDED_ON.map((path) => [path, SERVER])) },
});
