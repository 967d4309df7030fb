import { setTimeout as sleep } from 'node:timers/promises';
import { type CogniteClient, CogniteError } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import type { Job } from '../../acceptance/wire.ts';
import { PROJECT, type SdkServer } from './sdk-server.ts';

const PATH = `/api/v1/projects/${PROJECT}/context/vision/segment`;
const POINT = { x: 0.62, y: 0.645 };
const POLL_MS = 50;

/**
 * The segment operations through `client.post` and `client.get`, which is how programs call them: the SDK has no
 * method.
 */
export async function segment(client: CogniteClient, item: object, versionHeader = 'cdf-version'): Promise<Job> {
  const headers = { [versionHeader]: 'beta' };
  const data = { items: [item], points: [POINT] };
  const posted = await client.post<Job>(PATH, { headers, data });
  for (;;) {
    const { data: job } = await client.get<Job>(`${PATH}/${posted.data.jobId}`);
    if (job.status === 'Completed' || job.status === 'Failed') return job;
    await sleep(POLL_MS);
  }
}

export function testSegment(server: () => SdkServer): void {
  describe('segment', () => {
    let client: CogniteClient;
    let fileId: number;
    beforeAll(async () => {
      client = server().createClient();
      ({ id: fileId } = await client.files.upload({ name: 'boats.jpg', mimeType: 'image/jpeg' }, PHOTO));
    });

    it.each(['cdf-version', 'Cdf-Version'])('with the header spelled %s, to the polygons', async (header) => {
      const job = await segment(client, { fileId }, header);
      expect(job).toMatchObject({
        status: 'Completed',
        errorMessage: null,
        failedItems: [],
        prompt: { points: [{ ...POINT, label: 1 }] },
        items: [{ fileId }],
      });
      const [best] = job.items[0]!.segments;
      expect(best!.score).toBeGreaterThan(0.5);
      expect(best!.polygons[0]!.vertices.length).toBeGreaterThanOrEqual(3);
    });

    it('the answer to the POST says that the job is queued, with the file and the prompt', async () => {
      const data = { items: [{ fileId }], points: [POINT] };
      const posted = await client.post<Job>(PATH, { headers: { 'cdf-version': 'beta' }, data });
      expect(posted.status).toBe(200);
      expect(posted.data).toMatchObject({
        jobId: expect.any(Number),
        status: 'Queued',
        startTime: null,
        items: [{ fileId }],
        points: [{ ...POINT, label: 1 }],
      });
    });

    it('without the header the SDK says V20210406, which is refused', async () => {
      const error = await client
        .post(PATH, { data: { items: [{ fileId }], points: [POINT] } })
        .catch((reason) => reason);
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 400, errorMessage: expect.stringContaining('cdf-version') });
    });

    it.each([
      ['Blob', () => new Blob([new Uint8Array(PHOTO)])],
      ['Uint8Array', () => new Uint8Array(PHOTO.subarray(0, 100))],
    ])('a %s, which the SDK sends as JSON, fails the job with a message that says so', async (_, content) => {
      const { id } = await client.files.upload({ name: 'boats.jpg', mimeType: 'image/jpeg' }, content());
      const job = await segment(client, { fileId: id });
      expect(job).toMatchObject({ status: 'Failed', items: [], failedItems: [{ items: [{ fileId: id }] }] });
      expect(job.errorMessage).toMatch(/JSON/);
      expect(job.failedItems[0]!.errorMessage).toBe(job.errorMessage);
    });

    it('fileExternalId', async () => {
      const file = { name: 'boats.jpg', mimeType: 'image/jpeg', externalId: 'boats' };
      const { id } = await client.files.upload(file, PHOTO);
      const job = await segment(client, { fileExternalId: 'boats' });
      expect(job).toMatchObject({ status: 'Completed', items: [{ fileId: id, fileExternalId: 'boats' }] });
    });
  });
}
