import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/** Where a server runs whose API the development server of Vite (`npx vite studio`) hands on. */
const SERVER = process.env.KONTUR_PUBLIC_URL ?? 'http://127.0.0.1:8321';
const HANDED_ON = ['/api', '/oidc', '/readyz', '/healthz', '/metrics', '/openapi.json', '/studio/config.json'];

/** The module of the built server that names the rules; the page has to be built after it. */
const { readRulesVersion }: { readRulesVersion(): Promise<string> } = await import(
  new URL('../dist/engine/read-rules-version.js', import.meta.url).href
);

/** What Mantine's style sheet begins with, whatever components there are. */
const BASE_STYLES = ['default-css-variables', 'baseline', 'global'];

/**
 * Takes of Mantine's one style sheet only the parts of components that are used, each into the chunk that has the
 * component: every component has a module of its own with its class names, beside a style sheet of the same name.
 */
const stylesOfUsedComponents: Plugin = {
  name: 'styles-of-used-components',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /@mantine\/core\/(styles\.css|esm\/.*\.module\.mjs)$/ },
    handler(code, id) {
      const component = /(\w+)\.module\.mjs$/.exec(id)?.[1];
      if (component !== undefined) return `import '@mantine/core/styles/${component}.css';\n${code}`;
      return BASE_STYLES.map((name) => `@import '@mantine/core/styles/${name}.css';`).join('\n');
    },
  },
};

/** Builds the studio into `dist/studio/`, which the server serves below `/studio/`. */
export default defineConfig({
  root,
  base: '/studio/',
  plugins: [react(), stylesOfUsedComponents],
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
