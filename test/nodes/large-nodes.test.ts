import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES, MAX_NODE_BYTES } from '#contract/limits';
import { FEWER_DATABASE_KINDS } from '../../testing/test-database.ts';
import { fileNode, openTestInstances, type TestInstances } from '../../testing/test-instances.ts';

const MEBIBYTE = 1024 * 1024;
const LONGEST_TEXT = 131_072;

describe.each(FEWER_DATABASE_KINDS)('nodes on %s', (kind) => {
  let test: TestInstances;
  beforeAll(async () => {
    test = await openTestInstances(kind);
  });
  afterAll(() => test.remove());

  it('are refused where their properties are larger than a node may have, all together', async () => {
    const project = await test.projectWith('plant');
    const write = (properties: object) => test.instances.upsertNodes(project, [fileNode(properties)], {});
    await expect(write({ tags: Array(9).fill('x'.repeat(LONGEST_TEXT)) })).rejects.toThrow(
      `at most ${MAX_NODE_BYTES} are allowed`,
    );
    // Each write is small enough, and what comes of them is not.
    await write({ tags: Array(7).fill('x'.repeat(LONGEST_TEXT)) });
    await expect(write({ description: 'x'.repeat(LONGEST_TEXT) })).rejects.toThrow('The node plant:photo would have');
    await write({ description: 'é' });
  });

  it('from before there was a limit are listed page by page, and found or changed as many as fit', async () => {
    const project = await test.projectWith('plant');
    const ids = [...Array(8).keys()].map((n) => ({ space: 'plant', externalId: `photo ${n}` }));
    await test.instances.upsertNodes(
      project,
      ids.map((id) => fileNode({}, id)),
      {},
    );
    await sql`
      update nodes set properties = jsonb_build_object('description', repeat('x', ${5 * MEBIBYTE}::int))
      where project = ${project}`.execute(test.database.kysely);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.instances.listNodes(project, { limit: 1000, cursor });
      expect(Buffer.byteLength(JSON.stringify(page.items))).toBeLessThan(MAX_ANSWER_BYTES);
      seen.push(...page.items.map(({ externalId }) => externalId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(ids.map(({ externalId }) => externalId));

    const tooLarge = { code: 'answer-too-large' };
    await expect(test.instances.findNodes(project, ids)).rejects.toMatchObject(tooLarge);
    expect(await test.instances.findNodes(project, ids.slice(0, 3))).toHaveLength(3);
    const shorter = ids.map((id) => fileNode({ description: 'short' }, id));
    await expect(test.instances.upsertNodes(project, shorter, {})).rejects.toMatchObject(tooLarge);
    for (const node of shorter) await test.instances.upsertNodes(project, [node], {});
    expect(await test.instances.findNodes(project, ids)).toHaveLength(8);
    expect(await test.instances.removeNodes(project, [...ids, ids[0]!])).toEqual(ids);
  });
});
