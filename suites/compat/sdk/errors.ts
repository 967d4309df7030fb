import { type CogniteClient, CogniteError, CogniteMultiError } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT, type SdkServer } from './sdk-server.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** The SDK splits longer lists. */
const CHUNK = 1000;

/** Refusals as the SDK's own error types show them. */
export function testErrors(server: () => SdkServer): void {
  describe('errors', () => {
    let client: CogniteClient;
    beforeAll(() => {
      client = server().createClient();
    });
    const errorOf = (call: Promise<unknown>) =>
      call.then(
        () => undefined,
        (error: unknown) => error,
      );

    it('unknown files: status 400, message, missing and the request id', async () => {
      const unknown = [{ id: 404 }, { externalId: 'nowhere' }];
      const error = await errorOf(client.files.getDownloadUrls(unknown));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({
        status: 400,
        errorMessage: expect.stringContaining('404'),
        missing: unknown,
        requestId: expect.stringMatching(UUID),
      });
    });

    it('the same from retrieve, which gathers the errors of its chunks', async () => {
      const unknown = [{ id: 404 }, { externalId: 'nowhere' }];
      const error = await errorOf(client.files.retrieve(unknown));
      expect(error).toBeInstanceOf(CogniteMultiError);
      expect(error).toMatchObject({ status: 400, statuses: [400], missing: unknown, failed: unknown, succeded: [] });
      const { errors, requestId } = error as CogniteMultiError<object, object>;
      expect(errors).toEqual([expect.any(CogniteError)]);
      expect(requestId).toMatch(UUID);
    });

    it('a file named twice: status 409 and duplicated', async () => {
      const error = await errorOf(client.files.getDownloadUrls([{ id: 404 }, { id: 404 }]));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 409, duplicated: [{ id: 404 }] });
    });

    it('an externalId that is taken: status 409 and duplicated', async () => {
      await client.files.upload({ name: 'a.jpg', externalId: 'taken' });
      const error = await errorOf(client.files.upload({ name: 'b.jpg', externalId: 'taken' }));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 409, duplicated: [{ externalId: 'taken' }] });
    });

    it('a request that breaks the schema: status 400 without missing', async () => {
      const error = await errorOf(client.files.list({ limit: 5000 }));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 400, errorMessage: expect.stringContaining('limit') });
      expect((error as CogniteError).missing).toBeUndefined();
    });

    it('an unknown job: status 404', async () => {
      const error = await errorOf(client.get(`/api/v1/projects/${PROJECT}/context/vision/segment/404`));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 404, requestId: expect.stringMatching(UUID) });
    });

    it('an operation that is not offered: status 404', async () => {
      const error = await errorOf(client.vision.extract(['TextDetection'], [{ fileId: 1 }]));
      expect(error).toBeInstanceOf(CogniteError);
      expect(error).toMatchObject({ status: 404 });
    });

    it('a delete in two chunks, of which one fails, tells what was deleted', async () => {
      const { id } = await client.files.upload({ name: 'a.jpg' });
      const unknown = Array.from({ length: CHUNK }, (_, index) => ({ id: 1000 + index }));
      const error = await errorOf(client.files.delete([...unknown, { id }]));
      expect(error).toBeInstanceOf(CogniteMultiError);
      expect(error).toMatchObject({
        status: 400,
        statuses: [400],
        failed: unknown,
        succeded: [{ id }],
        missing: unknown,
      });
      expect(await client.files.retrieve([{ id }], { ignoreUnknownIds: true })).toEqual([]);
    });
  });
}
