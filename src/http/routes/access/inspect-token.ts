import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { GroupCapabilitySchema } from '#contract/access/group';
import { defined } from '#contract/defined';
import { inspectToken, type Membership } from '../../../auth/inspect-token.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';

const Inspection = Type.Object({
  subject: Type.String({ description: 'sub of the token.' }),
  projects: Type.Array(
    Type.Object({
      projectUrlName: Type.String({ description: 'Name of the project.' }),
      groups: Type.Array(Type.Integer(), { description: 'Ids of the groups that the subject is in.' }),
    }),
    { description: 'Every project that accepts the token.' },
  ),
  capabilities: Type.Array(
    {
      type: 'object',
      properties: {
        ...GroupCapabilitySchema.properties,
        projectScope: Type.Object(
          { projects: Type.Array(Type.String(), { description: 'Names of the projects.' }) },
          { description: 'Where the right counts.' },
        ),
      },
      required: ['projectScope'],
    },
    { description: 'Every right that the token gives.' },
  ),
});
const schema = {
  operationId: 'inspectToken',
  tags: ['Projects'],
  summary: 'Read who the token stands for, and what it may do in which projects',
  response: { 200: answer('The token, and every project that accepts it.', Inspection), ...refusals(401) },
};

/** Adds `GET /api/v1/token/inspect` (docs/contract.md#access-token-inspect). */
export function addInspectToken(app: FastifyInstance, { trusts }: Pick<AppDependencies, 'trusts'>): void {
  app.get('/api/v1/token/inspect', { schema }, async ({ headers }) => {
    const memberships = await inspectToken(trusts, headers.authorization);
    return {
      subject: defined(memberships[0], 'project that accepts the token').subject,
      projects: memberships.map(({ project, groups }) => ({
        projectUrlName: project,
        groups: groups.map(({ id }) => id),
      })),
      capabilities: memberships.flatMap(toInspectedCapabilities),
    };
  });
}

function toInspectedCapabilities({ project, groups }: Membership) {
  const capabilities = groups.flatMap((group) => group.capabilities);
  return capabilities.map((capability) => ({ ...capability, projectScope: { projects: [project] } }));
}
