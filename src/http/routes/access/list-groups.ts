import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { GroupSchema } from '#contract/access/group';
import { authorise } from '../../../auth/authorise.ts';
import { inspectToken } from '../../../auth/inspect-token.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const Groups = Type.Object({
  items: Type.Array(
    Type.Object({
      ...GroupSchema.properties,
      metadata: Type.Record(Type.String(), Type.String(), { description: 'Always empty.' }),
      attributes: Type.Object({}, { description: 'Always empty.' }),
      isDeleted: Type.Boolean({ description: 'Always false.' }),
    }),
    { description: 'The groups.' },
  ),
});
const schema = {
  operationId: 'getGroups',
  tags: ['Projects'],
  summary: 'List the groups that the caller is in, or all of them',
  params: projectParams(),
  querystring: Type.Object({
    all: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Every group of the project; needs groupsAcl with the action LIST.',
      }),
    ),
  }),
  response: { 200: answer('The groups.', Groups), ...refusals(400, 401, 403) },
};

/** Adds `GET …/groups?all` (docs/contract.md#access-groups). */
export function addListGroups(app: FastifyInstance, { trusts }: Pick<AppDependencies, 'trusts'>): void {
  app.get<{ Querystring: { all: boolean } }>(
    `${PROJECT_PATH}/groups`,
    { schema },
    async ({ query, principal, headers }) => {
      const ofProject = trusts.filter(({ project }) => project === principal.project);
      if (query.all) authorise(principal, { acl: 'groupsAcl', action: 'LIST' });
      const groups = query.all
        ? ofProject.flatMap((trust) => trust.groups)
        : (await inspectToken(ofProject, headers.authorization)).flatMap((membership) => membership.groups);
      return { items: groups.map((group) => ({ ...group, metadata: {}, attributes: {}, isDeleted: false })) };
    },
  );
}
