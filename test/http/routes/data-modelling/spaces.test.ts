import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.close());

const post = (url: string, payload: unknown) =>
  t.request({ method: 'POST', url: `/models/spaces${url}`, payload: payload as object });
const named = (...names: string[]) => ({ items: names.map((space) => ({ space })) });

function expectRefusal(answer: Answer, status: number, message: unknown) {
  expect(answer.json()).toEqual({ error: { code: status, message } });
  expect(answer.statusCode).toBe(status);
}

describe('spaces', () => {
  it('are created and changed', async () => {
    const answer = await post('', { items: [{ space: 'sp', name: 'n', description: null, colour: 'red' }] });
    expect(answer.statusCode).toBe(200);
    const [{ createdTime, ...space }] = answer.json().items;
    expect(space).toEqual({ space: 'sp', name: 'n', lastUpdatedTime: createdTime, isGlobal: false });
    const [changed] = (await post('', { items: [{ space: 'sp', name: 'm' }] })).json().items;
    expect(changed).toMatchObject({ space: 'sp', name: 'm', createdTime });
  });

  it('are read by name, unknown ones left out', async () => {
    await post('', named('one', 'two'));
    const answer = await post('/byids', named('two', 'no', 'one'));
    expect(answer.statusCode).toBe(200);
    expect(answer.json().items.map(({ space }: { space: string }) => space)).toEqual(['two', 'one']);
  });

  it('are listed as the JavaScript SDK asks for them, page by page', async () => {
    await post('', named(...Array.from({ length: 12 }, (_, n) => `listed_${n}`)));
    const first = (await t.request({ url: '/models/spaces?includeGlobal=false' })).json();
    expect(first.items).toHaveLength(10);
    const cursor = encodeURIComponent(first.nextCursor);
    const rest = (await t.request({ url: `/models/spaces?includeGlobal=false&limit=1000&cursor=${cursor}` })).json();
    const names = [...first.items, ...rest.items].map(({ space }) => space);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['listed_0', 'listed_11']));
    expect(rest.nextCursor).toBeUndefined();
  });

  it('are listed with the one of the system where that is asked for', async () => {
    const list = async (query: string) => (await t.request({ url: `/models/spaces?${query}` })).json();
    const { items } = await list('includeGlobal=true&limit=1000');
    expect(items[0]).toMatchObject({ space: 'cdf_cdm', isGlobal: true });
    expect(items.slice(1)).toEqual((await list('limit=1000')).items);
    const one = await list('includeGlobal=true&limit=1');
    expect(one.items).toEqual(items.slice(0, 1));
    const next = await list(`includeGlobal=true&limit=1&cursor=${encodeURIComponent(one.nextCursor)}`);
    expect(next.items).toEqual(items.slice(1, 2));
    expect((await post('/byids', named('cdf_cdm'))).json().items).toEqual(items.slice(0, 1));
  });

  it('are not listed by a parameter that there is not', async () => {
    const answer = await t.request({ url: '/models/spaces?includeGlobl=true' });
    const message = 'This operation has no parameter "includeGlobl". It has includeGlobal, limit, cursor.';
    expect([answer.statusCode, answer.json().error.message]).toEqual([400, message]);
  });

  it('are deleted, and answered with those that were there', async () => {
    await post('', named('gone'));
    const answer = await post('/delete', named('gone', 'never'));
    expect([answer.statusCode, answer.json()]).toEqual([200, named('gone')]);
    expect((await post('/byids', named('gone'))).json()).toEqual({ items: [] });
  });

  it('of another project are not seen', async () => {
    await post('', named('mine'));
    const other = (url: string, payload: object) =>
      t.requestOther({ method: 'POST', url: `/models/spaces${url}`, payload });
    expect((await other('/byids', named('mine'))).json()).toEqual({ items: [] });
    expect((await other('/delete', named('mine'))).json()).toEqual({ items: [] });
    expect((await t.requestOther({ url: '/models/spaces' })).json()).toEqual({ items: [] });
    expect((await post('/byids', named('mine'))).json().items).toHaveLength(1);
  });

  it.each([
    ['', {}, 'The body must have items.'],
    ['', named(), 'items must have at least 1 item, got 0.'],
    [
      '/byids',
      named('1a'),
      expect.stringMatching(/^items\[0\]\.space must match .*, got "1a" \(name of the space\)\.$/),
    ],
    ['', named('a'.repeat(44)), 'items[0].space must have at most 43 characters, got 44.'],
    ['', named('dms'), expect.stringMatching(/^No space can be named dms\. Reserved names are space, cdf, /)],
    ['/delete', { items: [{ name: 'a' }] }, 'items[0] must have space.'],
  ])('refuse %s %j', async (url, body, message) => {
    expectRefusal(await post(url, body), 400, message);
  });

  it.each(['', '/byids', '/delete'])('refuse more than a hundred in a request to %s', async (url) => {
    expectRefusal(await post(url, named(...Array(101).fill('a'))), 400, 'items must have at most 100 items, got 101.');
  });

  it.each([
    ['limit=0', 'limit must be at least 1, got 0 (most items of the answer).'],
    ['limit=1001', 'limit must be at most 1000, got 1001 (most items of the answer).'],
    ['cursor=x', expect.stringMatching(/^The cursor is not one of this list/)],
  ])('refuse the query %s', async (query, message) => {
    expectRefusal(await t.request({ url: `/models/spaces?${query}` }), 400, message);
  });
});
