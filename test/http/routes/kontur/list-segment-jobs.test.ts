import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessApp, startAccessApp } from '../../start-access-app.ts';

interface Listed {
  jobId: number;
  status: string;
  createdTime: number;
  items: { fileId: number; segments: object[] }[];
}
let t: AccessApp;
let admin: ReturnType<AccessApp['as']>;
const files: Record<string, number> = {};
/** Newest first: job and file. */
const posted: { jobId: number; file: string }[] = [];

beforeAll(async () => {
  t = await startAccessApp();
  admin = t.as('north', 'admins');
  for (const [file, dataSetId] of [
    ['open', undefined],
    ['five', 5],
    ['six', 6],
  ] as const) {
    files[file] = (
      await admin({ method: 'POST', url: '/files', payload: { name: `${file}.jpg`, dataSetId } })
    ).json().id;
  }
  for (const file of ['five', 'open', 'six', 'five', 'six', 'five', 'five']) await post(file);
});
afterAll(() => t?.close());

async function post(file: string): Promise<void> {
  const payload = { items: [{ fileId: files[file] }], points: [{ x: 0.5, y: 0.5 }] };
  const { jobId } = (await admin({ method: 'POST', url: '/context/vision/segment', payload })).json();
  posted.unshift({ jobId, file });
  for (let status = ''; status !== 'Completed'; ) {
    status = (await admin({ url: `/context/vision/segment/${jobId}` })).json().status;
  }
}

/** All pages of a list. */
async function readAll(request: typeof admin, query = '', limit = 2): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await request({ url: `/kontur/segment?limit=${limit}${query}${after}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().items.length).toBeLessThanOrEqual(limit);
    listed.push(...answer.json().items);
    cursor = answer.json().nextCursor;
  }
  return listed;
}
const ids = (jobs: { jobId: number }[]) => jobs.map(({ jobId }) => jobId);
const of = (...names: string[]) => ids(posted.filter(({ file }) => names.includes(file)));

describe('the list of jobs', () => {
  it('has every job once, newest first, whatever the page size', async () => {
    for (const limit of [1, 2, 3, 7, 100]) {
      const listed = await readAll(admin, '', limit);
      expect(ids(listed).toSorted()).toEqual(ids(posted).toSorted());
      const times = listed.map(({ createdTime }) => createdTime);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }
  });

  it('shows scores but no vertices', async () => {
    const [job] = await readAll(admin);
    const file = files[posted.find(({ jobId }) => jobId === job!.jobId)!.file];
    expect(job).toMatchObject({ status: 'Completed', items: [{ fileId: file, segments: [{ score: 0.75 }] }] });
    expect(JSON.stringify(job)).not.toContain('vertices');
  });

  it('is narrowed by status and file', async () => {
    expect(ids(await readAll(admin, `&fileId=${files.six}`)).toSorted()).toEqual(of('six').toSorted());
    expect(await readAll(admin, '&status=Failed')).toEqual([]);
    expect(await readAll(admin, '&status=Completed')).toHaveLength(posted.length);
    for (const query of ['status=Done', 'limit=0', 'limit=1001', 'fileId=x', 'cursor=xyz']) {
      expect((await admin({ url: `/kontur/segment?${query}` })).statusCode).toBe(400);
    }
  });

  it('shows only jobs on files that the caller may read, and misses none of them', async () => {
    const seen = async (...groups: string[]) => ids(await readAll(t.as('north', ...groups))).toSorted();
    expect(await seen('set-5')).toEqual(of('five').toSorted());
    expect(await seen('set-6-readers')).toEqual(of('six').toSorted());
    expect(await seen('set-5', 'set-6-readers')).toEqual(of('five', 'six').toSorted());
    expect(await seen('readers')).toEqual(of('open', 'five', 'six').toSorted());
    expect((await t.as('north', 'none')({ url: '/kontur/segment' })).statusCode).toBe(403);
    expect(await readAll(t.as('south', 'admins'))).toEqual([]);
  });

  it('a job that is posted while pages are turned neither hides nor repeats others', async () => {
    const before = ids(posted).toSorted();
    const first = (await admin({ url: '/kontur/segment?limit=3' })).json();
    await post('open');
    const rest = (await admin({ url: `/kontur/segment?cursor=${first.nextCursor}` })).json();
    expect(ids([...first.items, ...rest.items]).toSorted()).toEqual(before);
  });

  it('outputs, thumbnails and previews ask for the same right', async () => {
    const { jobId } = posted.find(({ file }) => file === 'five')!;
    const requests = [
      ...['mask.png', 'cutout.png', 'coco.json', 'geojson', 'svg'].map((name) => ({
        url: `/kontur/segment/${jobId}/${name}`,
      })),
      { url: `/kontur/files/${files.five}/thumbnail` },
      { method: 'POST', url: '/kontur/preview', payload: { fileId: files.five, points: [{ x: 0, y: 0 }] } } as const,
    ];
    for (const request of requests) {
      for (const groups of [['set-6-readers'], ['none']]) {
        expect([request.url, (await t.as('north', ...groups)(request)).statusCode]).toEqual([request.url, 403]);
      }
      // With the right, what needs the photo or its name says that it was never uploaded; the rest is made of what the
      // job keeps.
      const needsPhoto = /cutout|coco|thumbnail|preview/.test(request.url);
      const allowed = await t.as('north', 'set-5')(request);
      expect([request.url, allowed.statusCode]).toEqual([request.url, needsPhoto ? 400 : 200]);
    }
  });
});
