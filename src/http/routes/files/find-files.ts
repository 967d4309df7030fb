import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { authorise } from '../../../auth/authorise.ts';
import type { FileReference } from '../../../contract/file-reference.ts';
import { toWireFile } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

const Items = Type.Object({ items: Type.Array(Type.Ref('File')) });
const schema = {
  operationId: 'byIdsFiles',
  tags: ['Files'],
  summary: 'Read files by id, in the order asked for',
  params: projectParams(),
  body: Type.Ref('FileReferences'),
  response: { 200: answer('The files.', Items), ...refusals(400, 401, 403, 409, 413, 415) },
};

/** `POST …/files/byids`. */
export function addFindFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { items: FileReference[]; ignoreUnknownIds: boolean } }>(
    `${PROJECT_PATH}/files/byids`,
    { schema },
    async ({ body: { items, ignoreUnknownIds }, principal }) => {
      authorise(principal, { acl: 'filesAcl', action: 'READ' });
      const found = await files.find(principal.project, items, { ignoreUnknownIds });
      return { items: found.map(toWireFile) };
    },
  );
}
