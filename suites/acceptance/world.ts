import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { CreatedJob, FileAnswer, InstanceId, Items, Job, Prompt, Space } from './wire.ts';

/** What checks work with: the server, and things on it that are created once and shared. */
export interface World {
  client: Client;
  project: string;
  /** A name that nothing else on the server has. */
  name(suffix?: string): string;
  /** The result of `make`, which is called for the first check that asks for `key` only. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  createFile(properties?: object): Promise<FileAnswer>;
  /** A file with content. */
  uploadFile(content: Uint8Array, properties?: object): Promise<FileAnswer>;
  readFile(reference: object): Promise<FileAnswer>;
  /** A node that stands for a file, in the space of this run. */
  createInstance(properties?: object): Promise<InstanceId>;
  postJob(fileId: number, prompt: Prompt): Promise<CreatedJob>;
  /** Polls until the job has ended. */
  settled(jobId: number): Promise<Job>;
  /** Deletes what was made here. */
  cleanUp(): Promise<void>;
}

const POLL_MS = 50;
const JOB_PATIENCE_MS = 60_000;
const DELETE_AT_ONCE = 1000;

/** The view through which a node is a file (docs/contract.md#instances-file-view). */
export const FILE_VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };

export function createWorld(client: Client, project: string): World {
  const run = randomBytes(5).toString('hex');
  const made = new Map<string, Promise<unknown>>();
  const fileIds = new Set<number>();
  const instanceIds: InstanceId[] = [];
  let names = 0;

  const world: World = {
    client,
    project,
    name: (suffix = '') => `kontur-parity-${run}-${++names}${suffix}`,
    once<T>(key: string, make: () => Promise<T>) {
      const known = made.get(key) ?? make();
      made.set(key, known);
      return known as Promise<T>;
    },
    async createFile(properties = {}) {
      const file = await client.create<FileAnswer>('/files', { name: world.name('.jpg'), ...properties });
      fileIds.add(file.id);
      return file;
    },
    async uploadFile(content, properties = {}) {
      const file = await world.createFile(properties);
      const headers = [['Content-Type', 'application/octet-stream']] as const;
      const { status, text } = await client.send('PUT', file.uploadUrl, content, { headers });
      if (status !== 200 && status !== 201) throw new Error(`PUT uploadUrl is answered ${status}: ${text}`);
      return file;
    },
    async readFile(reference) {
      const { items } = await client.create<Items<FileAnswer>>('/files/byids', { items: [reference] });
      return items[0]!;
    },
    async createInstance(properties = { name: 'a.jpg', mimeType: 'image/jpeg' }) {
      const space = await world.once('space', async () => {
        const { items } = await client.create<Items<Space>>('/models/spaces', { items: [{ space: `parity_${run}` }] });
        return items[0]!.space;
      });
      const node = { instanceType: 'node', space, externalId: world.name() };
      const items = [{ ...node, sources: [{ source: FILE_VIEW, properties }] }];
      await client.create('/models/instances', { items });
      instanceIds.push({ space, externalId: node.externalId });
      return { space, externalId: node.externalId };
    },
    postJob: (fileId, prompt) =>
      client.create<CreatedJob>('/context/vision/segment', { items: [{ fileId }], ...prompt }),
    async settled(jobId) {
      const giveUp = Date.now() + JOB_PATIENCE_MS;
      for (;;) {
        const { status, text, body } = await client.get<Job>(`/context/vision/segment/${jobId}`);
        if (status !== 200) throw new Error(`GET of job ${jobId} is answered ${status}: ${text}`);
        if (body.status === 'Completed' || body.status === 'Failed') return body;
        if (Date.now() > giveUp) throw new Error(`job ${jobId} is still ${body.status} after ${JOB_PATIENCE_MS} ms`);
        await delay(POLL_MS);
      }
    },
    async cleanUp() {
      if (made.has('space')) {
        const items = instanceIds.map((id) => ({ instanceType: 'node', ...id }));
        if (items.length > 0) await client.post('/models/instances/delete', { items });
        await client.post('/models/spaces/delete', { items: [{ space: `parity_${run}` }] });
      }
      const items = [...fileIds].map((id) => ({ id }));
      for (let start = 0; start < items.length; start += DELETE_AT_ONCE) {
        const some = items.slice(start, start + DELETE_AT_ONCE);
        await client.post('/files/delete', { items: some, ignoreUnknownIds: true });
      }
    },
  };
  return world;
}
