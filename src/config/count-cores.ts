import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Cores that this process may keep busy: those that the system lets it run on, and no more than its control group
 * grants (Linux). A container that is granted 2 of 64 cores and runs 64 threads is stopped most of the time. Node 20
 * ignores control groups.
 *
 * @param root where the file system begins, for tests
 */
export function countCores(root = '/'): number {
  const granted = Math.min(readQuota(root), readOldQuota(root));
  return Math.max(1, Math.min(availableParallelism(), Math.floor(granted)));
}

/**
 * Version 2: `cpu.max` of the own group and of those above it holds microseconds granted in a period, and the period.
 */
function readQuota(root: string): number {
  const [, group] = /^0::(\/.*)$/m.exec(readText(join(root, 'proc/self/cgroup'))) ?? [];
  if (group === undefined) return Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  // Inside a container the group may have its name on the host, and not exist under it; the root always exists.
  for (let path = group; ; path = dirname(path)) {
    const [, quota, period] = /^(\d+) (\d+)/.exec(readText(join(root, 'sys/fs/cgroup', path, 'cpu.max'))) ?? [];
    if (quota !== undefined) least = Math.min(least, Number(quota) / Number(period));
    if (path === '/') return least;
  }
}

/** Version 1: two files, and a quota of -1 for none. */
function readOldQuota(root: string): number {
  const folder = join(root, 'sys/fs/cgroup/cpu');
  const quota = Number.parseInt(readText(join(folder, 'cpu.cfs_quota_us')), 10);
  const period = Number.parseInt(readText(join(folder, 'cpu.cfs_period_us')), 10);
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY;
}

/** Content of a file; empty if it does not exist or may not be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
