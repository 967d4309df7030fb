import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileCreate } from '#contract/files/file';
import { authorise } from '../../../auth/authorise.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';
import { type LinkDependencies, withUploadUrl } from './upload-url.ts';

const schema = {
  operationId: 'createFile',
  tags: ['Files'],
  summary: 'Create a file and get a link to upload its content to',
  params: projectParams(),
  querystring: Type.Object({
    overwrite: Type.Optional(
      Type.Boolean({ default: false, description: 'Replace the file that has the same externalId, if there is one.' }),
    ),
  }),
  body: Type.Ref('FileCreate'),
  response: {
    201: answer('The file; PUT its content to uploadUrl within a week.', Type.Ref('FileCreated')),
    ...refusals(400, 401, 403, 409, 413, 415),
  },
};

/** Adds `POST …/files`. */
export function addCreateFile(
  app: FastifyInstance,
  { files, ...links }: Pick<AppDependencies, 'files'> & LinkDependencies,
): void {
  app.post<{ Body: FileCreate; Querystring: { overwrite: boolean } }>(
    `${PROJECT_PATH}/files`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'WRITE' }) },
    async ({ body, query, principal }, reply) => {
      authorise(principal, { acl: 'filesAcl', action: 'WRITE' });
      const file = await files.create(principal.project, body, { ...query, writer: fileWriter(principal) });
      reply.code(201);
      return withUploadUrl(links, file);
    },
  );
}
