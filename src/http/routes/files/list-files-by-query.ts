import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { FileListParametersSchema } from '#contract/files/file';
import type { FileFilter } from '#contract/files/file-filter';
import { toWireFile } from '../../../files/file-record.ts';
import type { FileListQuery } from '../../../files/list-files.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { fileReader, TOO_MANY_SEARCHES } from './file-reader.ts';

const schema = {
  operationId: 'listFiles',
  tags: ['Files'],
  summary: 'List files that meet conditions, page by page, without a body',
  description: 'Conditions that are objects or arrays are written as JSON, for instance assetIds=[1,2].',
  params: projectParams(),
  querystring: FileListParametersSchema,
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('FilePage')),
    ...TOO_MANY_SEARCHES,
    ...refusals(400, 401, 403),
  },
};

/** Adds `GET …/files`: the conditions of `POST …/files/list` as parameters. */
export function addListFilesByQuery(app: FastifyInstance, { files }: Pick<AppDependencies, 'files'>): void {
  app.get<{ Querystring: Omit<FileListQuery, 'filter'> & FileFilter }>(
    `${PROJECT_PATH}/files`,
    { schema, preValidation: readJsonParameters },
    async (request, reply) => {
      const { limit, cursor, partition, ...filter } = request.query;
      const query = { filter, limit, cursor, partition };
      const { items, ...rest } = await files.list(request.principal.project, query, fileReader(request, reply));
      return { items: items.map(toWireFile), ...rest };
    },
  );
}

/**
 * Parameters that look like JSON but are not stay text, and the schema refuses them with a message that says what they
 * should be.
 */
async function readJsonParameters(request: FastifyRequest): Promise<void> {
  const parameters = Object.entries(request.query as Record<string, unknown>);
  request.query = Object.fromEntries(
    parameters.map(([name, value]) => [name, isStructured(name) && typeof value === 'string' ? parse(value) : value]),
  );
}

function isStructured(name: string): boolean {
  const property = (FileListParametersSchema.properties as Record<string, { type?: string }>)[name];
  return property?.type === 'object' || property?.type === 'array';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
