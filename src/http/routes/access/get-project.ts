import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const claims = (description: string) =>
  Type.Array(Type.Object({ claimName: Type.String({ description: 'Name of the claim.' }) }), { description });
const text = (description: string) => Type.String({ description });
const Project = Type.Object({
  name: text('Name of the project.'),
  urlName: text('Its name in addresses.'),
  oidcConfiguration: Type.Optional(
    Type.Object(
      {
        jwksUrl: Type.Optional(text('Where the keys of the issuer are.')),
        issuer: text('iss of the tokens that the project accepts.'),
        audience: text('aud of those tokens.'),
        skewMs: Type.Integer({ description: 'By how many milliseconds clocks may differ.' }),
        accessClaims: claims('Claims that name the groups of the subject.'),
        scopeClaims: claims('Always empty.'),
        logClaims: claims('The claim that the log names the subject by.'),
      },
      { description: 'Whose tokens the project accepts.' },
    ),
  ),
  userProfilesConfiguration: Type.Object(
    { enabled: Type.Boolean({ description: 'Always false.' }) },
    { description: 'This server keeps no profiles of users.' },
  ),
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
