import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled, ensureReady, root, run, step } from './ensure-ready.mjs';

ensureReady();
// The oldest PostgreSQL that is supported; elsewhere the tests do without it, and say so.
if (process.platform === 'linux' && process.arch === 'x64')
  ensureInstalled(path.join('test', 'support', 'postgres-13'));
const bin = (name, file) => path.join('node_modules', name, file);
const only = process.argv.slice(2);

if (only.length === 0) {
  step('Types, lint, dead code');
  for (const project of ['tsconfig.json', 'compat/tsconfig.json']) {
    run(process.execPath, [bin('typescript', 'bin/tsc'), '-p', project]);
  }
  run(process.execPath, [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings']);
  run(process.execPath, [bin('knip', 'bin/knip.js')]);
}

const { ensureBrowser } = await import('./ensure-browser.mjs');
const browser = await ensureBrowser();
const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-test-'));
const report = path.join(folder, 'report.json');
step('Tests');
const vitest = spawnSync(
  process.execPath,
  [bin('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(browser && { BROWSER_PATH: browser }) } },
);
const counts = readCounts(report);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(vitest.status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1);

function readCounts(file) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
