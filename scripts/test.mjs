import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bin, CHECKS } from './checks.mjs';
import { ensureInstalled, requireNode, root, step } from './ensure-ready.mjs';

// npm test: all tests, and in parallel the checks of types, promises, style and dead code (checks.mjs). npm test WORD…:
// only the test files whose paths contain a word. What a project of tests needs in addition to the packages, it makes
// itself (testing/projects.ts).
requireNode();
ensureInstalled();
const only = process.argv.slice(2);

// In parallel with the tests, which leave the processor idle while they wait.
const checked = only.length === 0 ? check() : Promise.resolve([]);

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-test-'));
const report = path.join(folder, 'report.json');
step('Tests');
const vitest = spawn(
  process.execPath,
  [bin('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only],
  { cwd: root, stdio: 'inherit' },
);
const [status] = await once(vitest, 'exit');
const counts = readCounts(report);
rmSync(folder, { recursive: true, force: true });
const complaints = await checked;
for (const { name, output } of complaints) process.stdout.write(`\nThe check of ${name} failed:\n${output}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(status === 0 && complaints.length === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1);

/** The checks, one after the other: those that failed, with what they said. */
async function check() {
  const failed = [];
  for (const [name, args] of Object.entries(CHECKS)) {
    await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 }).catch(({ stdout, stderr }) => {
      failed.push({ name, output: `${stdout}${stderr}` });
    });
  }
  return failed;
}

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
