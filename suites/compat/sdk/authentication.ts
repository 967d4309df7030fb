import { CogniteClient, HttpError } from '@cognite/sdk';
import { describe, expect, it, vi } from 'vitest';
import { PROJECT, type SdkServer } from './sdk-server.ts';

const INSPECT = '/api/v1/token/inspect';

/** Where the SDK's token comes from, and when it asks for one. */
export function testAuthentication(server: () => SdkServer): void {
  describe('authentication', () => {
    it('the first request goes without a token, and its 401 makes the SDK ask for one, once', async () => {
      const getToken = vi.fn(server().requestToken);
      const client = server().createClient(getToken);
      const before = server().countAnswers('/files/list', 401);
      await client.files.list({ limit: 1 });
      await client.files.list({ limit: 1 });
      expect(getToken).toHaveBeenCalledOnce();
      await expect.poll(() => server().countAnswers('/files/list', 401)).toBe(before + 1);
    });

    it('the deprecated getToken does as well', async () => {
      const { url: baseUrl, requestToken: getToken } = server();
      const client = new CogniteClient({ appId: 'compat', project: PROJECT, baseUrl, getToken });
      expect((await client.files.list({ limit: 1 })).items).toBeInstanceOf(Array);
    });

    it('a token that is no longer good is replaced by a new one', async () => {
      const tokens = ['a-token-that-has-expired', await server().requestToken()];
      const client = server().createClient(async () => tokens.shift()!);
      await client.authenticate();
      expect((await client.files.list({ limit: 1 })).items).toBeInstanceOf(Array);
      expect(tokens).toEqual([]);
    });

    it('a token that is never good ends in an error of status 401', async () => {
      const client = server().createClient(async () => 'never-good');
      const error = await client.files.list({ limit: 1 }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(HttpError);
      expect(error).toMatchObject({ status: 401, data: { error: { code: 401, message: 'Unauthorized' } } });
    });

    it('token/inspect says who asks, and what the token grants in which projects', async () => {
      const client = server().createClient();
      // Of all paths, this is the one where the SDK does not take a 401 for a sign to ask for a token.
      await client.authenticate();
      const { status, data } = await client.get(INSPECT);
      expect(status).toBe(200);
      expect(data).toMatchObject({
        subject: expect.any(String),
        projects: [{ projectUrlName: PROJECT, groups: expect.any(Array) }],
        capabilities: expect.arrayContaining([
          expect.objectContaining({ filesAcl: { actions: ['READ', 'WRITE'], scope: { all: {} } } }),
        ]),
      });
    });

    it('token/inspect refuses a bad token', async () => {
      const client = server().createClient(async () => 'never-good');
      await client.authenticate();
      await expect(client.get(INSPECT)).rejects.toMatchObject({ status: 401 });
    });

    it('projects.retrieve', async () => {
      expect(await server().createClient().projects.retrieve(PROJECT)).toMatchObject({
        name: expect.any(String),
        urlName: PROJECT,
      });
    });

    it('groups.list', async () => {
      const groups = await server().createClient().groups.list({ all: true });
      expect(groups.length).toBeGreaterThan(0);
      for (const { id, name } of groups) expect([id, name]).toEqual([expect.any(Number), expect.any(String)]);
    });
  });
}
