import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { busyForMs, isBusy, pause } from '../api/wait-patiently.ts';
import type { ObjectPrompt } from '../objects/photo-object.ts';

/** Milliseconds between two questions about a job: the first, and the longest, to which it grows. */
const FIRST_LOOK_MS = 100;
const SLOWEST_LOOK_MS = 2000;
/** Milliseconds until a lost server is asked again about a job. */
const AWAY_MS = 2000;

/** A job that ended without a result. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/**
 * Posts a prompt as a job through the public API.
 *
 * @returns id of the job
 * @throws ApiError if the server refused it or does not answer
 */
export async function postJob(
  { client, project }: Api,
  fileId: number,
  { points, boundingBox }: ObjectPrompt,
  signal: AbortSignal,
): Promise<number> {
  const { data } = await client.POST('/api/v1/projects/{project}/context/vision/segment', {
    params: { path: { project }, header: { 'cdf-version': 'beta' } },
    body: {
      items: [{ fileId }],
      ...(points.length > 0 && { points: [...points] }),
      ...(boundingBox && { boundingBox }),
    } as { items: { fileId: number }[]; points: { x: number; y: number; label: 0 | 1 }[] },
    signal,
  });
  if (data === undefined) throw new Error('The server answered a job with nothing.');
  return data.jobId;
}

/**
 * Waits until a job has ended well, through everything that passes by: a busy server, a lost one.
 *
 * @throws JobFailed with the server's reason; ApiError of status 404 if there is no such job (any more)
 */
export async function waitForJob({ client, project }: Api, jobId: number, signal: AbortSignal): Promise<void> {
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, SLOWEST_LOOK_MS)) {
    await pause(waitMs, signal);
    signal.throwIfAborted();
    try {
      const { data } = await client.GET('/api/v1/projects/{project}/context/vision/segment/{jobId}', {
        params: { path: { project, jobId } },
        signal,
      });
      if (data?.status === 'Completed') return;
      if (data?.status === 'Failed') throw new JobFailed(data.errorMessage ?? data.failedItems[0]?.errorMessage ?? '');
    } catch (error) {
      const isAway = error instanceof ApiError && error.status === 0;
      if (!isAway && !isBusy(error)) throw error;
      await pause(isAway ? AWAY_MS : busyForMs(error as ApiError), signal);
    }
  }
}
