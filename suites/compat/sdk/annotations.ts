import type { AnnotationCreate, CogniteClient } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import type { SdkServer } from './sdk-server.ts';

const PHOTOS = 50;
const box = { xMin: 0.1, xMax: 0.5, yMin: 0.2, yMax: 0.4 };

interface SegmentAnswer {
  jobId: number;
  status: string;
  items: { segments: { score: number; polygons: { vertices: { x: number; y: number }[] }[] }[] }[];
}

/** The Annotations API through `client.annotations`, and the loop around segmentation that people build of it. */
export function testAnnotations(server: () => SdkServer): void {
  describe('annotations', () => {
    let client: CogniteClient;
    let fileId: number;
    beforeAll(async () => {
      client = server().createClient();
      fileId = (await client.files.upload({ name: 'annotated.jpg', externalId: 'annotated' })).id;
    });

    const item = (label: string, more: object = {}): AnnotationCreate => ({
      ...{ annotatedResourceType: 'file', annotatedResourceId: fileId, annotationType: 'images.ObjectDetection' },
      ...{ creatingApp: 'compat', creatingAppVersion: '1.0.0', creatingUser: null, status: 'approved' },
      data: { label, boundingBox: box },
      ...more,
    });
    const onFile = (more: object = {}) => ({
      filter: { annotatedResourceType: 'file' as const, annotatedResourceIds: [{ id: fileId }], ...more },
    });

    it('create, retrieve, update and delete', async () => {
      const created = await client.annotations.create([item('test_0'), item('test_1')]);
      expect(created).toMatchObject([item('test_0'), item('test_1')]);
      expect(created[0]!.createdTime).toBeInstanceOf(Date);
      const ids = created.map(({ id }) => ({ id }));
      expect(await client.annotations.retrieve(ids)).toEqual(created);
      const [updated] = await client.annotations.update([
        {
          id: created[0]!.id,
          update: {
            annotationType: { set: 'images.Classification' },
            status: { set: 'rejected' },
            data: { set: { label: 'test_2' } },
          },
        },
      ]);
      expect(updated).toMatchObject({ status: 'rejected', data: { label: 'test_2' } });
      expect(updated!.lastUpdatedTime.getTime()).toBeGreaterThan(created[0]!.lastUpdatedTime.getTime());
      await client.annotations.delete(ids);
      await expect(client.annotations.retrieve(ids)).rejects.toMatchObject({ status: 404, missing: ids });
    });

    it('suggest, and list with filters and paging', async () => {
      const { status: _, ...suggestion } = item('suggested');
      const [suggested] = await client.annotations.suggest([suggestion]);
      expect(suggested).toMatchObject({ status: 'suggested', creatingUser: null });
      await client.annotations.create(Array.from({ length: 30 }, () => item('same')));
      const found = await client.annotations.list(onFile({ data: { label: 'suggested' }, creatingUser: null }));
      expect(found.items).toEqual([suggested]);
      expect(found.nextCursor).toBeNull();
      expect((await client.annotations.list(onFile())).items).toHaveLength(25);
      const all = await client.annotations.list({ ...onFile(), limit: 4 }).autoPagingToArray({ limit: Infinity });
      expect(new Set(all.map(({ id }) => id)).size).toBe(31);
    });

    it('more than fit one call', async () => {
      const created = await client.annotations.create(Array.from({ length: 1001 }, () => item('many')));
      expect(created).toHaveLength(1001);
      await client.annotations.delete(created.map(({ id }) => ({ id })));
    });

    it('reverse lookup', async () => {
      const link = { assetRef: { externalId: 'pump' }, text: 'P-1', textRegion: box };
      await client.annotations.create([item('', { annotationType: 'images.AssetLink', data: link })]);
      const found = await client.annotations.reverseLookup({
        filter: { annotatedResourceType: 'file', data: { assetRef: { externalId: 'pump' } } },
        limit: -1,
      });
      expect(found.items).toEqual([{ id: fileId, externalId: 'annotated' }]);
    });

    it('what is wrong', async () => {
      await expect(client.annotations.create([item('')])).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining('items[0].data.label must have at least 1 character'),
      });
      await expect(client.annotations.create([])).rejects.toMatchObject({ status: 400 });
      await expect(client.annotations.list(onFile({ annotatedResourceIds: [{ id: 3 }] }))).rejects.toMatchObject({
        status: 400,
      });
    });

    it('list files by label, segment them, suggest annotations, swap the labels', async () => {
      const [todo, done] = ['to-segment', 'segmented'].map((externalId) => ({ externalId }));
      for (let count = 0; count < PHOTOS; count++) {
        await client.files.upload({ name: `loop-${count}.jpg`, mimeType: 'image/jpeg', labels: [todo!] }, PHOTO);
      }
      const files = await client.files.list({ filter: { labels: { containsAny: [todo!] } } }).autoPagingToArray();
      expect(files).toHaveLength(25);
      const left = await client.files
        .list({ filter: { labels: { containsAny: [todo!] } } })
        .autoPagingToArray({ limit: Infinity });
      expect(left).toHaveLength(PHOTOS);
      for (const { id } of left) {
        const segments = await segment(client, id);
        expect(segments.length).toBeGreaterThan(0);
        await client.annotations.suggest(
          segments.map(({ score, polygons }) => ({
            ...item('boat', {
              annotatedResourceId: id,
              data: { label: 'boat', polygon: polygons[0]!, confidence: score },
            }),
            status: undefined,
          })),
        );
        await client.files.update([{ id, update: { labels: { add: [done!], remove: [todo!] } } }]);
      }
      const swapped = await client.files
        .list({ filter: { labels: { containsAll: [done!] } } })
        .autoPagingToArray({ limit: Infinity });
      expect(swapped.map(({ id }) => id).sort()).toEqual(left.map(({ id }) => id).sort());
      expect((await client.files.list({ filter: { labels: { containsAny: [todo!] } } })).items).toEqual([]);
      const suggested = await client.annotations
        .list({ filter: { annotatedResourceType: 'file', annotatedResourceIds: left.map(({ id }) => ({ id })) } })
        .autoPagingToArray({ limit: Infinity });
      expect(new Set(suggested.map(({ annotatedResourceId }) => annotatedResourceId)).size).toBe(PHOTOS);
      expect(new Set(suggested.map(({ status }) => status))).toEqual(new Set(['suggested']));
    });
  });
}

async function segment(client: CogniteClient, fileId: number): Promise<SegmentAnswer['items'][0]['segments']> {
  const path = `/api/v1/projects/${client.project}/context/vision/segment`;
  const headers = { 'cdf-version': 'beta' };
  const prompt = { items: [{ fileId }], points: [{ x: 0.5, y: 0.5, label: 1 }] };
  const { data: job } = await client.post<SegmentAnswer>(path, { data: prompt, headers });
  for (;;) {
    const { data } = await client.get<SegmentAnswer>(`${path}/${job.jobId}`, { headers });
    if (data.status === 'Completed') return data.items[0]!.segments;
    if (data.status === 'Failed') throw new Error('the job failed');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
