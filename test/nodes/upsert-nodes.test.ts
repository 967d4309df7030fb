import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeWrite } from '#contract/data-modelling/instances';
import type { CogniteFileWrite } from '#contract/files/cognite-file';
import { toWireFile } from '../../src/files/file-record.ts';
import type { WriteMode } from '../../src/nodes/upsert-nodes.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { FILE_VIEW, fileNode, openTestInstances, type TestInstances } from '../../testing/test-instances.ts';

const START = 1_700_000_000_000;
const ID = { space: 'plant', externalId: 'photo' };

describe.each(DATABASE_KINDS)('writing nodes on %s', (kind) => {
  let test: TestInstances;
  let project: string;
  beforeAll(async () => {
    test = await openTestInstances(kind);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    test.clock.time = START;
    project = await test.projectWith('plant', 'other');
  });

  const upsert = (nodes: NodeWrite[], mode: WriteMode = {}) => test.instances.upsertNodes(project, nodes, mode);
  const write = async (properties: CogniteFileWrite, mode?: WriteMode) =>
    (await upsert([fileNode(properties)], mode))[0]!;
  const node = async () => (await test.instances.findNodes(project, [ID]))[0]!;
  const file = async () => (await test.files.find(project, [{ instanceId: ID }], { ignoreUnknownIds: false }))[0]!;
  const refused = (properties: object) => expect(write(properties as CogniteFileWrite)).rejects;

  it('makes a file at once, with its own id and no externalId', async () => {
    const written = await write({
      name: 'pump.png',
      mimeType: 'image/png',
      directory: '/photos',
      description: 'A pump',
    });
    const times = { createdTime: START, lastUpdatedTime: START };
    expect(written).toEqual({ instanceType: 'node', ...ID, version: 1, wasModified: true, ...times });
    const { id, ...rest } = toWireFile(await file());
    expect(id).toSatisfy(Number.isSafeInteger);
    const shared = { name: 'pump.png', mimeType: 'image/png', directory: '/photos' };
    expect(rest).toEqual({ instanceId: ID, ...shared, uploaded: false, ...times });
    const properties = { ...shared, description: 'A pump', isUploaded: false };
    expect(await node()).toEqual({ ...ID, version: 1, ...times, properties });
  });

  it('calls a file without a name untitled, and its node nothing', async () => {
    await upsert([fileNode(undefined)]);
    expect((await file()).name).toBe('untitled');
    expect((await node()).properties).toEqual({ isUploaded: false });
  });

  it('keeps every property that can be written', async () => {
    const properties = {
      name: 'n',
      description: 'd',
      tags: ['t', 'u'],
      aliases: [],
      sourceId: 'i',
      sourceContext: 'c',
      sourceCreatedTime: '2024-05-01T14:00:00+02:00',
      sourceUpdatedTime: '2024-05-01T12:00:00.5',
      sourceCreatedUser: 'x',
      sourceUpdatedUser: 'y',
      mimeType: 'image/jpeg',
      directory: '/d',
    };
    await write(properties);
    expect((await node()).properties).toEqual({
      ...properties,
      sourceCreatedTime: '2024-05-01T12:00:00.000+00:00',
      sourceUpdatedTime: '2024-05-01T12:00:00.500+00:00',
      isUploaded: false,
    });
    expect(await file()).toMatchObject({ sourceCreatedTime: 1_714_564_800_000, sourceModifiedTime: 1_714_564_800_500 });
  });

  it('changes the properties that are given, in the node and in its file, and keeps the content', async () => {
    await write({ name: 'a.png', mimeType: 'image/png' });
    const before = await test.upload(await file(), 'content');
    test.clock.time += 1000;
    expect(await write({ name: 'b.png' })).toMatchObject({
      version: 2,
      wasModified: true,
      createdTime: START,
      lastUpdatedTime: START + 1000,
    });
    expect(await file()).toEqual({ ...before, name: 'b.png', lastUpdatedTime: START + 1000 });
    expect((await node()).properties).toEqual({
      name: 'b.png',
      mimeType: 'image/png',
      isUploaded: true,
      uploadedTime: '2023-11-14T22:13:20.000+00:00',
    });
  });

  it('removes the properties that are not given when it replaces', async () => {
    await write({ name: 'a.png', mimeType: 'image/png', description: 'd' });
    expect(await write({ description: 'd' }, { replace: true })).toMatchObject({ version: 2, wasModified: true });
    expect((await node()).properties).toEqual({ description: 'd', isUploaded: false });
    const { name, mimeType } = await file();
    expect([name, mimeType]).toEqual(['untitled', undefined]);
  });

  it('removes the properties that are null, in the node and in its file, and keeps the others', async () => {
    const times = { sourceCreatedTime: '2024-05-01T12:00:00Z', sourceUpdatedTime: '2024-05-01T12:00:00Z' };
    await write({ name: 'a.png', mimeType: 'image/png', directory: '/d', description: 'd', tags: ['t'], ...times });
    const nulls = { mimeType: null, description: null, tags: null, sourceCreatedTime: null };
    expect(await write(nulls)).toMatchObject({ version: 2, wasModified: true });
    const sourceUpdatedTime = '2024-05-01T12:00:00.000+00:00';
    expect((await node()).properties).toEqual({ name: 'a.png', directory: '/d', sourceUpdatedTime, isUploaded: false });
    expect(await file()).toMatchObject({ name: 'a.png', directory: '/d', sourceModifiedTime: 1_714_564_800_000 });
    expect(await file()).not.toHaveProperty('mimeType');
    expect(await file()).not.toHaveProperty('sourceCreatedTime');
    expect(await write(nulls)).toMatchObject({ version: 2, wasModified: false });
    expect(await write({ name: null, directory: null })).toMatchObject({ version: 3 });
    expect((await file()).name).toBe('untitled');
  });

  it('makes nothing of properties that are null in a new node', async () => {
    await write({ name: null, mimeType: null, directory: '/d' }, { replace: true });
    expect((await node()).properties).toEqual({ directory: '/d', isUploaded: false });
    expect((await file()).name).toBe('untitled');
  });

  it('leaves a node that is so already', async () => {
    const properties = { name: 'a.png', tags: ['b'], sourceCreatedTime: '2024-05-01T12:00:00Z' };
    const first = await write(properties);
    test.clock.time += 1000;
    expect(await write({ tags: ['b'] })).toEqual({ ...first, wasModified: false });
    expect(await write({ ...properties, sourceCreatedTime: '2024-05-01T12:00:00+00:00' }, { replace: true })).toEqual({
      ...first,
      wasModified: false,
    });
    expect((await file()).lastUpdatedTime).toBe(START);
  });

  it('joins the properties of several sources', async () => {
    const sources = [{ name: 'a', description: 'd' }, { name: 'b' }].map((properties) => ({
      source: FILE_VIEW,
      properties,
    }));
    await upsert([fileNode({}, { sources })]);
    expect((await node()).properties).toMatchObject({ name: 'b', description: 'd' });
  });

  describe('with existingVersion', () => {
    const versioned = (existingVersion: number, mode?: WriteMode) =>
      upsert([fileNode({ name: 'z' }, { existingVersion })], mode);

    it('writes a node of that version or an earlier one, and a new one', async () => {
      expect(await versioned(0)).toMatchObject([{ version: 1, wasModified: true }]);
      await write({ name: 'b' });
      expect(await versioned(2)).toMatchObject([{ version: 3, wasModified: true }]);
      await write({ name: 'c' });
      expect(await versioned(9)).toMatchObject([{ version: 5, wasModified: true }]);
    });

    it('refuses a later one, and with it the whole request', async () => {
      await write({ name: 'a' });
      await expect(versioned(0)).rejects.toMatchObject({
        code: 'node-version-conflict',
        message: expect.stringMatching(/^The node plant:photo exists already\./),
      });
      await write({ name: 'b' });
      const others = [fileNode({}, { externalId: 'new' }), fileNode({ name: 'z' }, { existingVersion: 1 })];
      await expect(upsert(others)).rejects.toMatchObject({
        message: expect.stringContaining('has version 2, later than the existingVersion 1.'),
      });
      expect((await node()).properties.name).toBe('b');
      expect(await test.instances.findNodes(project, [{ space: 'plant', externalId: 'new' }])).toEqual([]);
    });

    it('leaves it where conflicts are skipped', async () => {
      await write({ name: 'a' });
      expect(await versioned(0, { skipOnVersionConflict: true })).toMatchObject([{ version: 1, wasModified: false }]);
      expect((await node()).properties.name).toBe('a');
    });
  });

  describe('refuses', () => {
    it('a space that does not exist, or exists in another project only', async () => {
      await test.projectWith('elsewhere');
      const nodes = ['plant', 'no', 'elsewhere', 'no'].map((space, n) => fileNode({}, { space, externalId: `${n}` }));
      await expect(upsert(nodes)).rejects.toMatchObject({
        code: 'spaces-not-found',
        message: expect.stringContaining('Spaces not found: no, elsewhere.'),
        details: { missing: [{ space: 'no' }, { space: 'elsewhere' }] },
      });
      expect((await test.files.list(project, { limit: 10 })).items).toEqual([]);
    });

    it('a node that is given twice', async () => {
      const nodes = [fileNode(), fileNode({}, { space: 'other' }), fileNode()];
      await expect(upsert(nodes)).rejects.toMatchObject({
        code: 'invalid-request',
        message: 'items[0] and items[2] are the same node, plant:photo; each may be given once.',
      });
    });

    it('a node that would be no file, with what there is instead', async () => {
      for (const sources of [undefined, []]) {
        await expect(upsert([fileNode({}, { sources })])).rejects.toMatchObject({
          code: 'not-supported',
          message: expect.stringContaining('give the view cdf_cdm/CogniteFile/v1 as a source'),
        });
      }
      await expect(upsert([fileNode({}, { type: { space: 'a', externalId: 'b' } })])).rejects.toMatchObject({
        code: 'not-supported',
        message: 'items[0].type is a relation to another node, which this server does not keep.',
      });
    });

    it.each([
      [{ ...FILE_VIEW, space: 'mine' }, 'the view mine/CogniteFile/v1'],
      [{ ...FILE_VIEW, externalId: 'CogniteAsset' }, 'the view cdf_cdm/CogniteAsset/v1'],
      [{ ...FILE_VIEW, version: 'v2' }, 'the view cdf_cdm/CogniteFile/v2'],
      [
        { type: 'container', space: 'cdf_cdm', externalId: 'CogniteFile' } as const,
        'the container cdf_cdm/CogniteFile',
      ],
    ])('the source %j', async (source, name) => {
      await expect(upsert([fileNode({}, { sources: [{ source: FILE_VIEW }, { source }] })])).rejects.toMatchObject({
        code: 'not-supported',
        message: expect.stringContaining(`items[0].sources[1].source is ${name}, which lies outside`),
      });
    });

    it('properties that are not kept, set by the upload, or no time', async () => {
      const place = 'items[0].sources[0].properties';
      await refused({ assets: [{ space: 'a', externalId: 'b' }] }).toMatchObject({
        code: 'not-supported',
        message: expect.stringContaining(`${place}.assets is not kept by this server`),
      });
      for (const name of ['isUploaded', 'uploadedTime']) {
        await refused({ [name]: true }).toMatchObject({
          message: `${place}.${name} is set by the upload of the content and cannot be written.`,
        });
      }
      for (const time of ['2024-13-01T00:00:00Z', '1969-12-31T23:59:59Z']) {
        await refused({ sourceCreatedTime: time }).toMatchObject({
          code: 'invalid-request',
          message: `${place}.sourceCreatedTime must be a time that there is, from 1970 on, got "${time}".`,
        });
      }
      await refused({ tags: ['\0'] }).toMatchObject({ code: 'invalid-request' });
    });
  });

  it('writes a thousand nodes at once, and answers in the order given', async () => {
    const nodes = Array.from({ length: 1000 }, (_, n) => fileNode({ name: `${n}` }, { externalId: `node ${999 - n}` }));
    const ids = nodes.map(({ externalId }) => externalId);
    expect((await upsert(nodes)).map(({ externalId }) => externalId)).toEqual(ids);
    const again = await upsert(nodes.map((entry) => ({ ...entry, sources: fileNode({ description: 'd' }).sources })));
    expect(again.map(({ externalId }) => externalId)).toEqual(ids);
    expect(again.every(({ version }) => version === 2)).toBe(true);
    expect((await test.files.list(project, { limit: 1000 })).items).toHaveLength(1000);
  });

  describe('many times at once', () => {
    it('ends with one file for one node, and counts every change', async () => {
      const written = await Promise.all(Array.from({ length: 12 }, (_, n) => write({ name: `${n}` })));
      expect(written.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, n) => n + 1),
      );
      const { items } = await test.files.list(project, { limit: 10 });
      expect(items).toHaveLength(1);
      expect(items[0]!.name).toBe((await node()).properties.name);
    });

    it('creates a node once', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => upsert([fileNode({ name: 'a' }, { existingVersion: 0 })])),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('goes along with removals of the node, its file and its space', async () => {
      const ignored = { ignoreUnknownIds: true };
      const results = await Promise.allSettled(
        Array.from({ length: 24 }, (_, n) =>
          [
            () => upsert([fileNode({ name: `${n}` }), fileNode({}, { externalId: 'second', space: 'other' })]),
            () => test.instances.removeNodes(project, [ID]),
            () => test.files.remove(project, [{ instanceId: ID }], ignored),
            () => test.instances.removeSpaces(project, ['plant']),
          ][n % 4]!(),
        ),
      );
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(failures.filter((code) => !['space-not-empty', 'spaces-not-found'].includes(code))).toEqual([]);
      const { rows } = await sql<{ nodes: number; files: number }>`
        select (select count(*) from nodes where project = ${project}) as nodes,
          (select count(*) from files where project = ${project}) as files`.execute(test.database.kysely);
      expect(rows[0]!.nodes).toBe(rows[0]!.files);
    });
  });
});
