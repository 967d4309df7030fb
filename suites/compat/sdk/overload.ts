import type { CogniteClient } from '@cognite/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import type { Job } from '../../acceptance/wire.ts';
import { PROJECT, type SdkServer } from './sdk-server.ts';

const ROUTE = `/api/v1/projects/${PROJECT}/context/vision/segment`;
const ATTEMPTS = 30;
const POINTS = 10;

/** A server with no room for another job: its 429, and what the SDK makes of it. */
export function testOverload(server: () => SdkServer): void {
  describe('overload', () => {
    let client: CogniteClient;
    let items: object[];
    beforeAll(async () => {
      client = server().createClient();
      const { id: fileId } = await client.files.upload({ name: 'boats.jpg', mimeType: 'image/jpeg' }, PHOTO);
      items = [{ fileId }];
    });

    /** Takes the engine a while: as many steps as points, and none that it remembers. */
    const newData = () => ({
      items,
      points: Array.from({ length: POINTS }, () => ({ x: Math.random(), y: Math.random() })),
    });

    /** Posts jobs, past the SDK, until there is no room for one more. */
    async function fill(): Promise<Response> {
      const token = await server().requestToken();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'cdf-version': 'beta' };
      for (;;) {
        const answer = await fetch(server().url + ROUTE, { method: 'POST', headers, body: JSON.stringify(newData()) });
        if (answer.status !== 200) return answer;
      }
    }

    it('is answered 429 with Retry-After and the envelope', async () => {
      const answer = await fill();
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toEqual({ error: { code: 429, message: expect.stringMatching(/./) } });
    });

    it('the SDK posts again by itself, and gets its job', async () => {
      const refusals = () => server().countAnswers('/segment', 429);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        await fill();
        // The line of the log about the answer before has been written by the time of the next answer.
        await client.get('/healthz');
        const before = refusals();
        const { status, data: job } = await client.post<Job>(ROUTE, {
          headers: { 'cdf-version': 'beta' },
          data: newData(),
        });
        expect([status, job.status]).toEqual([200, 'Queued']);
        await client.get('/healthz');
        if (refusals() > before) return;
        // A place was free by the time that the SDK posted.
      }
      throw new Error(`the SDK found a free place in each of ${ATTEMPTS} attempts`);
    });
  });
}
