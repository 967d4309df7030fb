import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessApp, startAccessApp } from '../../start-access-app.ts';

const BOX = { label: 'boat', boundingBox: { xMin: 0.1, xMax: 0.5, yMin: 0.2, yMax: 0.4 } };

/** Ways to ask, each of a caller in these groups. */
const CALLERS: Record<string, string[]> = {
  nothing: [],
  'files READ': ['readers'],
  'files READ, READ': ['readers', 'annotations-READ'],
  'files READ, WRITE': ['readers', 'annotations-WRITE'],
  'files READ, SUGGEST': ['readers', 'annotations-SUGGEST'],
  'files READ, REVIEW': ['readers', 'annotations-REVIEW'],
  'files READ, SUGGEST and REVIEW': ['readers', 'annotations-SUGGEST', 'annotations-REVIEW'],
  'WRITE without files': ['annotations-WRITE'],
  'WRITE, files of set 6': ['set-6-readers', 'annotations-WRITE'],
};
type Operation = 'read' | 'create' | 'suggest' | 'review' | 'review all' | 'change' | 'delete';
const OPERATIONS: Operation[] = ['read', 'create', 'suggest', 'review', 'review all', 'change', 'delete'];
const ALLOWED: Record<string, Operation[]> = {
  'files READ': ['read'],
  'files READ, READ': ['read'],
  'files READ, WRITE': OPERATIONS,
  'files READ, SUGGEST': ['read', 'suggest'],
  'files READ, REVIEW': ['read', 'review', 'review all'],
  'files READ, SUGGEST and REVIEW': ['read', 'suggest', 'review', 'review all'],
};

let access: AccessApp;
/** Files in the data set 5, in 6, and in none. */
let files: { five: number; six: number; none: number };
beforeAll(async () => {
  access = await startAccessApp();
  const create = async (dataSetId?: number) => {
    const payload = { name: 'a.jpg', ...(dataSetId && { dataSetId }) };
    return (await access.as('north', 'admins')({ method: 'POST', url: '/files', payload })).json().id;
  };
  files = { five: await create(5), six: await create(6), none: await create() };
});
afterAll(() => access?.close());

const item = (annotatedResourceId: number, more: object = {}) => ({
  ...{ annotatedResourceType: 'file', annotatedResourceId, annotationType: 'images.ObjectDetection', data: BOX },
  ...{ creatingApp: 'test', creatingAppVersion: '1', creatingUser: null, ...more },
});
const post = (groups: string[], url: string, payload: object) =>
  access.as('north', ...groups)({ method: 'POST', url: `/annotations${url}`, payload });
const ANNOTATOR = ['admins', 'annotations-WRITE'];
async function annotate(fileId: number): Promise<number> {
  const answer = await post(ANNOTATOR, '', { items: [item(fileId, { status: 'suggested' })] });
  expect(answer.statusCode).toBe(201);
  return answer.json().items[0].id;
}

/** Does one thing to an annotation of the file; returns the status. */
async function perform(operation: Operation, groups: string[], fileId: number): Promise<number> {
  const id = await annotate(fileId);
  const set = (update: object) => post(groups, '/update', { items: [{ id, update }] });
  const status = { set: 'approved' };
  const answers = {
    read: () => post(groups, '/byids', { items: [{ id }] }),
    create: () => post(groups, '', { items: [item(fileId, { status: 'suggested' })] }),
    suggest: () => post(groups, '/suggest', { items: [item(fileId)] }),
    review: () => set({ status }),
    'review all': () => set({ status, data: { set: BOX }, annotationType: { set: 'images.ObjectDetection' } }),
    change: () => set({ status, data: { set: { ...BOX, label: 'ship' } } }),
    delete: () => post(groups, '/delete', { items: [{ id }] }),
  };
  return (await answers[operation]()).statusCode;
}

describe('who may do what', () => {
  it.each(
    Object.entries(CALLERS).flatMap(([caller, groups]) =>
      OPERATIONS.map((operation) => {
        const isAllowed = ALLOWED[caller]?.includes(operation) ?? false;
        return [caller, operation, isAllowed ? 'may' : 'may not', groups] as const;
      }),
    ),
  )('%s: %s %s', async (_, operation, allowed, groups) => {
    const status = await perform(operation, groups, files.none);
    const created = operation === 'create' || operation === 'suggest';
    // An annotation on a file that may not be read does not exist.
    const refused = [403, ...(created ? [] : [404])];
    expect(allowed === 'may' ? [created ? 201 : 200] : refused).toContain(status);
  });

  it('a status may follow any other', async () => {
    const id = await annotate(files.none);
    for (const status of ['approved', 'suggested', 'rejected', 'approved', 'rejected', 'suggested']) {
      const reviewer = ['readers', 'annotations-REVIEW'];
      const answer = await post(reviewer, '/update', { items: [{ id, update: { status: { set: status } } }] });
      expect([answer.statusCode, answer.json().items[0].status]).toEqual([200, status]);
    }
  });

  it('a reviewer who changes more changes nothing', async () => {
    const [good, bad] = [await annotate(files.none), await annotate(files.none)];
    const answer = await post(['readers', 'annotations-REVIEW'], '/update', {
      items: [
        { id: good, update: { status: { set: 'approved' } } },
        { id: bad, update: { annotationType: { set: 'images.Classification' }, data: { set: { label: 'a' } } } },
      ],
    });
    expect(answer.statusCode).toBe(403);
    const found = await post(ANNOTATOR, '/byids', { items: [{ id: good }, { id: bad }] });
    expect(found.json().items).toMatchObject([{ status: 'suggested' }, { status: 'suggested', data: BOX }]);
  });
});

describe('files of data sets', () => {
  const six = ['set-6-readers', 'annotations-WRITE'];

  it.each<[Operation, number]>([
    ['read', 404],
    ['create', 403],
    ['suggest', 403],
    ['review', 404],
    ['change', 404],
    ['delete', 404],
  ])('%s: those that may be read alone', async (operation, refused) => {
    expect(await perform(operation, six, files.six)).toBeLessThan(300);
    expect(await perform(operation, six, files.five)).toBe(refused);
  });

  it('an unknown annotation and one that may not be read are answered alike', async () => {
    const hidden = await annotate(files.five);
    const answers = await Promise.all([hidden, 4].map((id) => post(six, '/byids', { items: [{ id }] })));
    const [mine, unknown] = answers.map((answer) => answer.body);
    expect(mine!.replaceAll(String(hidden), '4')).toBe(unknown);
  });

  it('a list that names a file that may not be read is refused whole', async () => {
    const list = (...ids: number[]) =>
      post(six, '/list', {
        filter: { annotatedResourceType: 'file', annotatedResourceIds: ids.map((id) => ({ id })) },
      });
    expect((await list(files.six)).statusCode).toBe(200);
    const refused = [await list(files.six, files.five), await list(files.five), await list(files.six, 4)];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
  });

  it('reverse lookup finds those that may be read, each once, whatever the header', async () => {
    for (const fileId of Object.values(files)) await annotate(fileId);
    const payload = { filter: { annotatedResourceType: 'file', data: { label: 'boat' } }, limit: -1 };
    for (const version of ['V20210406', 'beta', 'alpha']) {
      const ask = (groups: string[]) =>
        access.as(
          'north',
          ...groups,
        )({
          ...{ method: 'POST', url: '/annotations/reverselookup', payload },
          headers: { 'cdf-version': version },
        });
      const answer = await ask(six);
      const items = [{ id: files.six }];
      expect(answer.json()).toEqual({ annotatedResourceType: 'file', items, nextCursor: null });
      const all = (await ask(['readers'])).json().items.map(({ id }: { id: number }) => id);
      expect(all).toEqual(Object.values(files).sort((a, b) => a - b));
      expect((await ask(['annotations-WRITE'])).statusCode).toBe(403);
    }
  });
});
