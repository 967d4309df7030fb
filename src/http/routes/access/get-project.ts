import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const Claims = Type.Array(Type.Object({ claimName: Type.String() }));
const Project = Type.Object({
  name: Type.String(),
  urlName: Type.String(),
  oidcConfiguration: Type.Optional(
    Type.Object({
      jwksUrl: Type.Optional(Type.String()),
      issuer: Type.String(),
      audience: Type.String(),
      skewMs: Type.Integer(),
      accessClaims: Claims,
      scopeClaims: Claims,
      logClaims: Claims,
    }),
  ),
  userProfilesConfiguration: Type.Object({ enabled: Type.Boolean() }),
});
const schema = {
  operationId: 'getProject',
  tags: ['Projects'],
  summary: 'Read a project',
  params: projectParams(),
  response: { 200: answer('The project.', Project), ...refusals(401) },
};

/**
 * Adds `GET /api/v1/projects/{project}`, for every token that the project accepts (docs/contract.md#access-project).
 */
export function addGetProject(app: FastifyInstance, { trusts }: Pick<AppDependencies, 'trusts'>): void {
  app.get(PROJECT_PATH, { schema }, async ({ principal: { project } }) => {
    const trust = trusts.find((known) => known.project === project);
    return {
      name: project,
      urlName: project,
      ...(trust !== undefined && {
        oidcConfiguration: {
          jwksUrl: trust.jwksUrl,
          issuer: trust.issuer,
          audience: trust.audience,
          skewMs: trust.clockSkewSeconds * 1000,
          accessClaims: trust.groupsClaim === undefined ? [] : [{ claimName: trust.groupsClaim }],
          scopeClaims: [],
          logClaims: [{ claimName: 'sub' }],
        },
      }),
      userProfilesConfiguration: { enabled: false },
    };
  });
}
