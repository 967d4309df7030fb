import type { CogniteClient } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { PROJECT, type SdkServer } from './sdk-server.ts';
import { segment } from './segment.ts';

const VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' } as const;
const instanceId = { space: 'plant', externalId: 'pump photo (1).jpg' };
const NODE = { instanceType: 'node', ...instanceId } as const;

/** Files by instance id, in the order in which a program makes, fills, uses and removes one. */
export function testInstances(server: () => SdkServer): void {
  describe('instance ids', () => {
    let client: CogniteClient;
    let fileId: number;
    beforeAll(() => {
      client = server().createClient();
    });

    it('spaces.upsert, retrieve and list', async () => {
      const { items } = await client.spaces.upsert([{ space: 'plant', name: 'Plant' }]);
      expect(items).toMatchObject([{ space: 'plant', name: 'Plant', isGlobal: false }]);
      expect((await client.spaces.retrieve(['plant', 'nowhere'])).items).toMatchObject([{ space: 'plant' }]);
      const listed = await client.spaces.list({ includeGlobal: false }).autoPagingToArray();
      expect(listed.map(({ space }) => space)).toContain('plant');
    });

    it('instances.upsert through CogniteFile makes a file', async () => {
      const properties = { name: 'pump.jpg', mimeType: 'image/jpeg' };
      const { items } = await client.instances.upsert({
        items: [{ ...NODE, sources: [{ source: VIEW, properties }] }],
      });
      expect(items).toMatchObject([{ ...NODE, version: expect.any(Number), wasModified: true }]);

      const [file] = await client.files.retrieve([{ instanceId }]);
      expect(file).toMatchObject({ id: expect.any(Number), instanceId, ...properties, uploaded: false });
      expect(file).not.toHaveProperty('externalId');
      fileId = file!.id;
    });

    it('client.post to uploadlink, and the upload', async () => {
      const { data } = await client.post<{ items: { uploadUrl: string }[] }>(
        `/api/v1/projects/${PROJECT}/files/uploadlink`,
        { data: { items: [{ instanceId }] } },
      );
      await client.put(data.items[0]!.uploadUrl, { data: PHOTO, headers: { 'Content-Type': 'image/jpeg' } });
      expect(await client.files.retrieve([{ instanceId }])).toMatchObject([{ id: fileId, uploaded: true }]);
    });

    it('instances.retrieve shows what the file is', async () => {
      const { items } = await client.instances.retrieve({
        items: [NODE, { ...NODE, externalId: 'unknown' }],
        sources: [{ source: VIEW }],
      });
      expect(items).toMatchObject([
        { ...NODE, properties: { cdf_cdm: { 'CogniteFile/v1': { name: 'pump.jpg', isUploaded: true } } } },
      ]);
      expect(items).toHaveLength(1);
    });

    it('getDownloadUrls', async () => {
      const [link] = await client.files.getDownloadUrls([{ instanceId }]);
      expect(link).toMatchObject({ instanceId });
      expect(Buffer.from(await (await fetch(link!.downloadUrl)).arrayBuffer())).toEqual(PHOTO);
    });

    it('a job by fileInstanceId', async () => {
      const job = await segment(client, { fileInstanceId: instanceId });
      expect(job).toMatchObject({ status: 'Completed', items: [{ fileId }] });
    });

    it('instances.delete removes the file', async () => {
      await client.instances.delete([NODE]);
      const found = await client.files.retrieve([{ instanceId }, { id: fileId }], { ignoreUnknownIds: true });
      expect(found).toEqual([]);
      expect((await client.spaces.delete(['plant'])).items).toMatchObject([{ space: 'plant' }]);
    });
  });
}
