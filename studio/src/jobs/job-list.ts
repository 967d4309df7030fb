import type { Api } from '../api/create-api.ts';
import type { paths } from '../api/openapi.d.ts';

type JobPage =
  paths['/api/v1/projects/{project}/kontur/segment']['get']['responses'][200]['content']['application/json'];

/** A job as lists answer it, without its polygons. */
export type Job = JobPage['items'][number];
export type JobStatus = Job['status'];

/** Stages of a job, in the order of the filter. */
export const STATUSES = ['Queued', 'Running', 'Completed', 'Failed'] as const satisfies readonly JobStatus[];

/** Jobs that are asked for at a time. */
const PAGE = 50;

/** Reads a page of jobs, newest first. */
export async function readJobs(
  { client, project }: Api,
  query: { status?: JobStatus; fileId?: number; cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<JobPage> {
  const { data } = await client.GET('/api/v1/projects/{project}/kontur/segment', {
    params: { path: { project }, query: { limit: PAGE, ...query } },
    signal,
  });
  return data ?? { items: [] };
}

/** Cancels a job that has not ended, and erases one that has. */
export async function deleteJob({ client, project }: Api, jobId: number): Promise<void> {
  await client.DELETE('/api/v1/projects/{project}/kontur/segment/{jobId}', { params: { path: { project, jobId } } });
}

/** The file of a job that has ended; the answer of one that has not does not name it. */
export const fileOf = ({ items, failedItems }: Job): number | undefined =>
  items[0]?.fileId ?? failedItems[0]?.items[0]?.fileId;

/** Address of the screen of the photo, with the prompt of a job on it. */
export function addressOfPrompt(fileId: number, { prompt }: Pick<Job, 'prompt'>): string {
  const query = new URLSearchParams();
  const { points = [], boundingBox: box } = prompt;
  if (points.length > 0) query.set('points', points.map(({ x, y, label }) => `${x},${y},${label ?? 1}`).join(';'));
  if (box !== undefined) query.set('box', [box.xMin, box.yMin, box.xMax, box.yMax].join(','));
  return `#/photo/${fileId}?${query.toString().replaceAll('%2C', ',').replaceAll('%3B', ';')}`;
}
