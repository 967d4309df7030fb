import Schema from 'typebox/schema';
import { expect, it } from 'vitest';
import { type Group, GroupSchema } from '#contract/access/group';
import { authorise, authoriseFile, authoriseSomeFiles, readableDataSets } from '../../src/auth/authorise.ts';
import { type Action, type Capability, type Principal, toCapabilities } from '../../src/auth/principal.ts';

const principal = (...actions: Action[][]): Principal => ({
  subject: 'someone',
  project: 'demo',
  capabilities: actions.map((granted) => ({ acl: 'filesAcl', actions: granted })),
});
const refusal = expect.objectContaining({
  code: 'forbidden',
  status: 403,
  message: 'Resource not found. This may also be due to insufficient access rights.',
});

it('lets pass who has the capability, in any of several', () => {
  authorise(principal(['READ']), { acl: 'filesAcl', action: 'READ' });
  authorise(principal(['READ'], ['WRITE']), { acl: 'filesAcl', action: 'WRITE' });
});

it('refuses everyone else, in the words of the hosted API', () => {
  for (const who of [principal(), principal([]), principal(['READ'])]) {
    expect(() => authorise(who, { acl: 'filesAcl', action: 'WRITE' })).toThrow(refusal);
  }
});

const READ = { acl: 'filesAcl', action: 'READ' } as const;
const holding = (...capabilities: Capability[]): Principal => ({ subject: 'someone', project: 'demo', capabilities });
const everywhere: Capability = { acl: 'filesAcl', actions: ['READ'] };
const inSets = (...dataSetIds: number[]): Capability => ({ ...everywhere, dataSetIds });

it('a capability for data sets counts in those alone, and for no file without one', () => {
  const limited = holding(inSets(5), inSets(6, 7));
  authorise(limited, READ);
  authorise(limited, { ...READ, dataSetId: 7 });
  authoriseFile(limited, 'READ', { dataSetId: 5 });
  for (const dataSetId of [8, null]) {
    expect(() => authorise(limited, { ...READ, dataSetId })).toThrow(refusal);
    authorise(holding(inSets(5), everywhere), { ...READ, dataSetId });
  }
  for (const file of [{ dataSetId: 8 }, {}, undefined]) {
    expect(() => authoriseFile(limited, 'READ', file)).toThrow(refusal);
    authoriseFile(holding(everywhere), 'READ', file);
  }
  expect(() => authorise(holding(inSets()), { ...READ, dataSetId: 5 })).toThrow(refusal);
});

it('a file that is a node is also reached through the nodes of its space', () => {
  const nodes: Capability = { acl: 'dataModelInstancesAcl', actions: ['READ'], spaceIds: ['yard'] };
  const file = (space: string) => ({ instanceId: { space, externalId: 'a' } });
  authoriseFile(holding(nodes), 'READ', file('yard'));
  authoriseSomeFiles(holding(nodes), 'READ');
  for (const [action, other] of [
    ['READ', file('hall')],
    ['WRITE', file('yard')],
    ['READ', {}],
  ] as const) {
    expect(() => authoriseFile(holding(nodes), action, other)).toThrow(refusal);
  }
  expect(() => authoriseSomeFiles(holding({ ...everywhere, acl: 'dataModelsAcl' }), 'READ')).toThrow(refusal);
});

it.each([
  ['labelsAcl', ['READ'], { datasetScope: { ids: [5] } }, [5]],
  ['datasetsAcl', ['OWNER'], { idScope: { ids: [5, 6] } }, [5, 6]],
  ['datasetsAcl', ['OWNER'], { idscope: { ids: ['5'] } }, [5]],
  ['datasetsAcl', ['OWNER'], { all: {} }, undefined],
  ['annotationsAcl', ['SUGGEST', 'REVIEW'], { all: {} }, undefined],
] as const)('reads %s %j with scope %j of a group', (acl, actions, scope, dataSetIds) => {
  const group = { id: 1, name: 'a', sourceId: 'a', capabilities: [{ [acl]: { actions, scope } }] };
  expect(Schema.Compile(GroupSchema).Check(group)).toBe(true);
  const [capability] = toCapabilities([group as unknown as Group]);
  expect(capability).toEqual({ acl, actions, ...(dataSetIds && { dataSetIds }) });
});

it('the data sets that lists are limited to', () => {
  expect(readableDataSets(holding(everywhere, inSets(5)))).toBeUndefined();
  expect(readableDataSets(holding(inSets(7, 5), inSets(5, 6)))).toEqual([5, 6, 7]);
  expect(() => readableDataSets(holding({ ...everywhere, actions: ['WRITE'] }))).toThrow(refusal);
});
