import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { FileUpdate } from '#contract/files/file-update';
import { authorise, authoriseSomeFiles } from '../../../auth/authorise.ts';
import { toWireFile } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { BULK_BODY } from '../../body-limits.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileWriter } from './permitted-files.ts';

const Items = Type.Object({ items: Type.Array(Type.Ref('File'), { description: 'The files.' }) });
const schema = {
  operationId: 'updateFiles',
  tags: ['Files'],
  summary: 'Change properties of files, all or none',
  params: projectParams(),
  body: Type.Ref('FileUpdateRequest'),
  response: {
    200: answer('The files as they are now, in the order of the request.', Items),
    ...refusals(400, 401, 403, 409, 413, 415),
  },
};

/**
 * Adds `POST …/files/update`. The answer has a metadata object for files without any, as the hosted API's has
 * (docs/contract.md#files-update).
 */
export function addUpdateFiles(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.post<{ Body: { items: FileUpdate[] } }>(
    `${PROJECT_PATH}/files/update`,
    { schema, onRequest: requireSomeFiles('WRITE'), ...BULK_BODY },
    async ({ body, principal }) => {
      authoriseSomeFiles(principal, 'WRITE');
      for (const { update } of body.items) {
        const target = targetDataSet(update);
        if (target !== undefined) authorise(principal, { acl: 'filesAcl', action: 'WRITE', dataSetId: target });
      }
      const updated = await files.update(principal.project, body.items, { writer: fileWriter(principal) });
      return { items: updated.map((file) => ({ metadata: {}, ...toWireFile(file) })) };
    },
  );
}

/** The data set that the update moves a file to: null for none, undefined if it does not change. */
function targetDataSet({ dataSetId }: FileUpdate['update']): number | null | undefined {
  return dataSetId?.setNull ? null : dataSetId?.set;
}
