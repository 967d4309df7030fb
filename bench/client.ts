import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prompt } from '../src/contract/prompt.ts';

/** A client of a server's public API, as the measuring scripts need it. */
export interface Client {
  upload(name: string, file: string): Promise<number>;
  /** Posts a job and polls until it has ended. */
  runJob(fileId: number, prompt: Prompt): Promise<Job>;
}

interface Job {
  jobId: number;
  status: string;
  createdTime: number;
  startTime: number;
  statusTime: number;
  errorMessage: string | null;
}

const POLL_MS = 100;

/** Signs in with the development client of the data folder. */
export async function createClient(url: string, dataDir: string): Promise<Client> {
  const { clientId, clientSecret } = JSON.parse(readFileSync(path.join(dataDir, 'development-client.json'), 'utf8'));
  const answer = await fetch(`${url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };

  async function call<T>(method: string, route: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/api/v1/projects/demo${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'cdf-version': 'beta' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<T>;
  }
  return {
    async upload(name, file) {
      const { id, uploadUrl } = await call<{ id: number; uploadUrl: string }>('POST', '/files', { name });
      await fetch(uploadUrl, { method: 'PUT', body: readFileSync(file) });
      return id;
    },
    async runJob(fileId, prompt) {
      const { jobId } = await call<Job>('POST', '/context/vision/segment', { items: [{ fileId }], ...prompt });
      for (;;) {
        const job = await call<Job>('GET', `/context/vision/segment/${jobId}`);
        if (job.status === 'Failed') throw new Error(String(job.errorMessage));
        if (job.status === 'Completed') return job;
        await sleep(POLL_MS);
      }
    },
  };
}
