import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { checksOf } from '../check.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

type Page = Items<FileAnswer>;
const idsOf = ({ items }: Page) => items.map(({ id }) => id);
const ascending = (ids: number[]) => ids.toSorted((a, b) => a - b);

export const searchFilesChecks = checksOf('POST /files/search', ({ documented, observed }) => {
  const search = ({ client }: World, body: object) => client.create<Page>('/files/search', body);
  const named = (world: World) =>
    world.once('files to search', async () => {
      const word = world.name().replaceAll('-', '');
      const source = world.name();
      const create = (name: string) => world.createFile({ name, source });
      const files = [await create(`${word} pump.jpg`), await create(`${word} valve.jpg`), await create('other.jpg')];
      return { word, source, ids: files.map(({ id }) => id) };
    });
  documented('search.name: files whose name has the word', async (world) => {
    const { word, ids } = await named(world);
    const found = idsOf(await search(world, { search: { name: word } }));
    assert.deepEqual(ascending(found), ascending(ids.slice(0, 2)));
  });
  documented('search.name: capitals make no difference', async (world) => {
    const { word } = await named(world);
    assert.equal((await search(world, { search: { name: word.toUpperCase() } })).items.length, 2);
  });
  documented('search.name and filter have both to be met', async (world) => {
    const { word, source, ids } = await named(world);
    const body = { search: { name: word }, filter: { source, name: `${word} valve.jpg` } };
    assert.deepEqual(idsOf(await search(world, body)), [ids[1]]);
  });
  documented('filter alone', async (world) => {
    const { source, ids } = await named(world);
    assert.deepEqual(ascending(idsOf(await search(world, { filter: { source } }))), ascending(ids));
  });
  observed('limit', async (world) => {
    const { word } = await named(world);
    const page = await search(world, { search: { name: word }, filter: {}, limit: 1 });
    assert.equal(page.items.length, 1);
  });
  documented('no file that fits: []', async (world) =>
    assert.deepEqual((await search(world, { search: { name: randomUUID().replaceAll('-', '') } })).items, []),
  );
});
