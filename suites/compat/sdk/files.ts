import type { CogniteClient, FileUploadResponse } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import type { SdkServer } from './sdk-server.ts';

const jpeg = (name: string) => ({ name, mimeType: 'image/jpeg' });

/** The Files API through `client.files`. */
export function testFiles(server: () => SdkServer): void {
  describe('files', () => {
    let client: CogniteClient;
    beforeAll(() => {
      client = server().createClient();
    });

    const download = async (id: number) => {
      const [link] = await client.files.getDownloadUrls([{ id }]);
      const { data } = await client.get<ArrayBuffer>(link!.downloadUrl, { responseType: 'arraybuffer' });
      return Buffer.from(data);
    };

    it('upload of a Buffer, acknowledged', async () => {
      const given = { ...jpeg('boats.jpg'), externalId: 'uploaded', source: 'camera', metadata: { site: 'north' } };
      const file = await client.files.upload(given, PHOTO, false, true);
      expect(file).toMatchObject({ ...given, id: expect.any(Number), uploaded: true });
      expect(file.createdTime).toBeInstanceOf(Date);
      expect(file.uploadedTime).toBeInstanceOf(Date);
      expect(await download(file.id)).toEqual(PHOTO);
    });

    it.each([
      ['an ArrayBuffer', new TextEncoder().encode('bytes').buffer],
      ['a string', 'bytes'],
    ])('upload of %s', async (_, content) => {
      const { id } = await client.files.upload({ name: 'a.txt', mimeType: 'text/plain' }, content);
      expect(String(await download(id))).toBe('bytes');
    });

    it('upload without a mimeType', async () => {
      const { id } = await client.files.upload({ name: 'a.bin' }, Buffer.from([0, 255]));
      expect([...(await download(id))]).toEqual([0, 255]);
    });

    it('upload of the record alone, and of the content by hand', async () => {
      const file = (await client.files.upload(jpeg('later.jpg'))) as FileUploadResponse;
      expect(file).toMatchObject({ uploaded: false, uploadUrl: expect.stringMatching(/^http/) });
      await client.put(file.uploadUrl, { data: PHOTO, headers: { 'Content-Type': 'image/jpeg' } });
      expect(await client.files.retrieve([{ id: file.id }])).toMatchObject([{ uploaded: true }]);
    });

    it('upload over a file with overwrite', async () => {
      const externalId = 'overwritten';
      const first = await client.files.upload({ ...jpeg('a.jpg'), externalId }, Buffer.from('old'));
      const second = await client.files.upload({ ...jpeg('b.jpg'), externalId }, Buffer.from('new'), true, true);
      expect(second).toMatchObject({ id: first.id, name: 'b.jpg' });
      expect(String(await download(first.id))).toBe('new');
    });

    it('retrieve by id and externalId, in that order', async () => {
      const [one, other] = [
        await client.files.upload({ ...jpeg('one.jpg'), sourceCreatedTime: new Date(1_700_000_000_000) }),
        await client.files.upload({ ...jpeg('other.jpg'), externalId: 'retrieved' }),
      ];
      const found = await client.files.retrieve([{ externalId: 'retrieved' }, { id: one.id }]);
      expect(found.map(({ id }) => id)).toEqual([other.id, one.id]);
      expect(found[1]!.sourceCreatedTime).toEqual(new Date(1_700_000_000_000));
    });

    it('retrieve without the unknown', async () => {
      const references = [{ id: 404 }, { externalId: 'retrieved' }];
      const found = await client.files.retrieve(references, { ignoreUnknownIds: true });
      expect(found).toMatchObject([{ externalId: 'retrieved' }]);
      expect(found).toHaveLength(1);
    });

    it('list turns its pages by itself', async () => {
      const source = 'paged';
      const ids = [];
      for (let count = 0; count < 7; count++) ids.push((await client.files.upload({ name: 'a.jpg', source })).id);
      const all = client.files.list({ filter: { source }, limit: 3 });
      const ascending = ids.toSorted((a, b) => a - b);
      expect((await all.autoPagingToArray({ limit: Number.POSITIVE_INFINITY })).map(({ id }) => id)).toEqual(ascending);

      const iterated = [];
      for await (const { id } of client.files.list({ filter: { source }, limit: 2 })) iterated.push(id);
      expect(iterated).toEqual(ascending);

      const page = await client.files.list({ filter: { source }, limit: 4 });
      expect(page.nextCursor).toEqual(expect.any(String));
      expect((await page.next!()).items.map(({ id }) => id)).toEqual(ascending.slice(4));
    });

    it('list with dates in the filter', async () => {
      const { id, createdTime } = await client.files.upload({ name: 'dated.jpg', source: 'dated' });
      const found = async (min: Date) =>
        (await client.files.list({ filter: { source: 'dated', createdTime: { min } } })).items.map((file) => file.id);
      expect(await found(createdTime)).toEqual([id]);
      expect(await found(new Date(createdTime.getTime() + 1))).toEqual([]);
    });

    it('search', async () => {
      const { id } = await client.files.upload(jpeg('pump of the north.jpg'));
      const found = await client.files.search({ search: { name: 'pump' }, filter: { mimeType: 'image/jpeg' } });
      expect(found.map((file) => file.id)).toEqual([id]);
    });

    it('update: set, setNull, add and remove', async () => {
      const file = { name: 'a.jpg', source: 'old', directory: '/a', labels: [{ externalId: 'l' }], assetIds: [1, 2] };
      const { id } = await client.files.upload({ ...file, metadata: { a: 'b', c: 'd' } });
      const [changed] = await client.files.update([
        {
          id,
          update: {
            externalId: { set: 'updated' },
            source: { setNull: true },
            metadata: { add: { e: 'f' }, remove: ['a'] },
            labels: { add: [{ externalId: 'm' }], remove: [{ externalId: 'l' }] },
            assetIds: { add: [3], remove: [1] },
            sourceModifiedTime: { set: new Date(5) },
          },
        },
      ]);
      const expected = {
        externalId: 'updated',
        metadata: { c: 'd', e: 'f' },
        labels: [{ externalId: 'm' }],
        assetIds: [2, 3],
        sourceModifiedTime: new Date(5),
      };
      expect(changed).toMatchObject({ id, ...expected });
      expect(changed).not.toHaveProperty('source');
      expect(await client.files.retrieve([{ externalId: 'updated' }])).toMatchObject([expected]);
    });

    it('aggregate', async () => {
      expect(await client.files.aggregate({ filter: { source: 'paged' } })).toEqual([{ count: 7 }]);
    });

    it('getDownloadUrls names each file as it was asked for', async () => {
      const links = await client.files.getDownloadUrls([{ externalId: 'uploaded' }]);
      expect(links).toEqual([{ externalId: 'uploaded', downloadUrl: expect.stringMatching(/^http/) }]);
    });

    it('client.post for an extended download link', async () => {
      const { data } = await client.post<{ items: { downloadUrl: string }[] }>(
        '/api/v1/projects/demo/files/downloadlink',
        { params: { extendedExpiration: true }, data: { items: [{ externalId: 'uploaded' }] } },
      );
      const answer = await fetch(data.items[0]!.downloadUrl);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PHOTO);
    });

    it('delete', async () => {
      const { id } = await client.files.upload({ name: 'a.jpg' });
      await client.files.upload({ name: 'b.jpg', externalId: 'deleted' });
      expect(await client.files.delete([{ id }, { externalId: 'deleted' }])).toEqual({});
      expect(await client.files.retrieve([{ id }, { externalId: 'deleted' }], { ignoreUnknownIds: true })).toEqual([]);
    });

    it('multipartUploadSession: parts in any order', async () => {
      const parts = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('the last part')];
      const session = await client.files.multipartUploadSession({ name: 'big.bin', externalId: 'big' }, parts.length);
      expect(await session.uploadPart(1, parts[1])).toMatchObject({ partNumber: 1 });
      expect(session.getNotCompletedParts()).toEqual([0]);
      expect(session.getFinished()).toBe(false);
      await session.uploadPart(0, parts[0]);
      expect(session.getFinished()).toBe(true);

      const [file] = await client.files.retrieve([{ externalId: 'big' }]);
      expect(file).toMatchObject({ uploaded: true });
      expect((await download(file!.id)).equals(Buffer.concat(parts))).toBe(true);
    });
  });
}
