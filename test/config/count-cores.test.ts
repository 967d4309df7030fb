import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countCores } from '../../src/config/count-cores.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kontur-cores-'));
});
afterEach(() => rm(root, { recursive: true }));

const all = availableParallelism();

it.each<[string, Record<string, string>, number]>([
  ['all cores without control groups', {}, all],
  [
    'all cores where nothing is limited',
    { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' },
    all,
  ],
  ['what the group is granted', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '100000 100000\n' }, 1],
  ['one core at least', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '30000 100000\n' }, 1],
  ['whole cores', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '190000 100000\n' }, 1],
  ['no more than there are', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '9900000 100000\n' }, all],
  [
    'the least of the groups above',
    {
      'proc/self/cgroup': '0::/user/app\n',
      'sys/fs/cgroup/user/app/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/user/cpu.max': '50000 50000\n',
    },
    1,
  ],
  [
    'the group at the root where the own one is not there',
    { 'proc/self/cgroup': '0::/../host/name\n', 'sys/fs/cgroup/cpu.max': '100000 100000\n' },
    1,
  ],
  [
    'the limit of version 1',
    { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000\n', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    1,
  ],
  [
    'all cores where version 1 sets no limit',
    { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    all,
  ],
])('counts %s', async (_, files, expected) => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  expect(countCores(root)).toBe(expected);
});

it('counts at least one core here', () => {
  expect(countCores()).toBeGreaterThanOrEqual(1);
  expect(countCores()).toBeLessThanOrEqual(all);
});
