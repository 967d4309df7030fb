import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';
import type { Machine } from './measurement.ts';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const { version } = require('onnxruntime-node/package.json') as { version: string };
  return {
    processor: describeProcessor(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    onnxruntime: version,
  };
}

/** Instructions that decide which precision the encoder computes in, and how fast. */
const INSTRUCTIONS = ['avx512_vnni', 'avx_vnni', 'amx_int8'];

/** The processor's name and its relevant features: virtual machines often hide the model behind a family's name. */
function describeProcessor(): string {
  const name = cpus()[0]?.model.trim() || arch();
  if (platform() !== 'linux') return name;
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const flags = /^flags\s*:(.*)$/m.exec(info)?.[1]?.trim().split(' ') ?? [];
  const known = INSTRUCTIONS.filter((instruction) => flags.includes(instruction));
  const model = ['cpu family', 'model'].map((key) => new RegExp(`^${key}\\s*:\\s*(\\d+)$`, 'm').exec(info)?.[1]);
  const details = [model.every(Boolean) ? `family ${model[0]} model ${model[1]}` : '', ...known].filter(Boolean);
  return details.length > 0 ? `${name} (${details.join(', ')})` : name;
}

/**
 * The commit that is checked out, and whether sources or packages differ from it; "unknown" outside a git repository.
 */
export function currentCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changes = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'bench', 'package-lock.json');
    return `${git('rev-parse', '--short=7', 'HEAD')}${changes === '' ? '' : ' and changes'}`;
  } catch {
    return 'unknown';
  }
}
