import type { ApiDescription } from '../acceptance/answer-schemas.ts';

/** A JSON schema, as far as values are made from one. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  maxProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

/** One operation of a description. */
export interface Operation {
  /** Such as `POST /files`. */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  /** Schema of a JSON body; undefined if there is none. */
  body: Schema | undefined;
  /** Whether the body is a stream of bytes. */
  bytes: boolean;
  /** Whether a bearer token is asked for. */
  secured: boolean;
}

const PROJECT_PATH = '/api/v1/projects/{project}';

/** Every operation of an API's description, except those whose answers are streams of events, which do not end. */
export function listOperations({ paths }: ApiDescription): Operation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { responses }]) => !('text/event-stream' in (responses['200']?.content ?? {})))
      .map(([method, { parameters = [], requestBody, security }]) => ({
        name: `${method.toUpperCase()} ${path.replace(PROJECT_PATH, '') || path}`,
        method: method.toUpperCase(),
        path,
        parameters: parameters as Parameter[],
        body: requestBody?.content['application/json']?.schema as Schema | undefined,
        bytes: requestBody?.content['*/*'] !== undefined,
        secured: security === undefined || security.length > 0,
      })),
  );
}
