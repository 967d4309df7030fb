import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { LightMyRequestResponse } from 'fastify';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** Statuses that any address may be answered with, whatever operation it is of. */
const ANYWHERE = [404, 405, 421, 502];

/** A function that throws where an answer is none that the API's own description allows. */
export function createAnswerCheck(description: ApiDescription) {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'api', ...description });
  const compiled = new Map<string, ValidateFunction>();
  const compile = (pointer: string) => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };

  return (method: string, url: string, answer: LightMyRequestResponse): void => {
    const schema = schemaOf(
      description,
      method.toLowerCase(),
      url.split('?')[0]!.replace(/(.)\/$/, '$1'),
      answer.statusCode,
    );
    if (schema === undefined) throw new Error(`${method} ${url} answers ${answer.statusCode}, which is not documented`);
    if (schema === 'no JSON') return;
    const validate = compile(schema);
    if (!validate(answer.json())) {
      throw new Error(
        `${method} ${url} answers outside its schema: ${ajv.errorsText(validate.errors)}\n${answer.body}`,
      );
    }
  };
}

/** Pointer to the schema of the answer; undefined where the description allows no such answer. */
function schemaOf({ paths }: ApiDescription, method: string, path: string, status: number) {
  const template = findTemplate(Object.keys(paths), path);
  const responses = template === undefined ? undefined : paths[template]![method]?.responses;
  const key = responses?.[status] ? String(status) : undefined;
  if (template === undefined || responses === undefined || key === undefined) {
    const refused = ANYWHERE.includes(status) || (status === 401 && responses === undefined);
    return refused ? '/components/schemas/Error' : undefined;
  }
  if (responses[key]!.content?.['application/json'] === undefined) return 'no JSON';
  const steps = ['paths', template, method, 'responses', key, 'content', 'application/json', 'schema'];
  return steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
}

/** Paths without parameters go first, as they do in a router. */
function findTemplate(templates: string[], path: string): string | undefined {
  const matching = templates.filter((name) => new RegExp(`^${name.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return matching.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}
