import { ANSWER_EXAMPLES } from './answer-examples.ts';
import { BINARY_EXAMPLES } from './binary-examples.ts';
import { PARAMETER_EXAMPLES } from './example-ids.ts';
import { refusalExample } from './refusal-examples.ts';
import { REQUEST_EXAMPLES } from './request-examples.ts';
import { SET_EXAMPLES } from './set-examples.ts';

interface Media {
  schema?: object;
  example?: unknown;
  examples?: Record<string, { summary: string; value: string }>;
}

/** An operation of an OpenAPI document, as far as examples need it. */
export interface DescribedOperation {
  operationId?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: object; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/**
 * Writes the examples of an operation into its description: of its parameters, its body, its answer and its refusals.
 */
export function addExamples(operation: DescribedOperation): void {
  const { operationId = '', parameters = [], requestBody, responses } = operation;
  for (const parameter of parameters) {
    if (parameter.name in PARAMETER_EXAMPLES) {
      parameter.example = PARAMETER_EXAMPLES[parameter.name];
    }
  }
  for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
    illustrate(media, REQUEST_EXAMPLES[operationId], type);
  }
  for (const [status, { content = {} }] of Object.entries(responses)) {
    for (const [type, media] of Object.entries(content)) {
      const isRefusal = JSON.stringify(media.schema)?.includes('/Error"');
      const answer = operationId === 'exportAnnotations' ? SET_EXAMPLES[type] : ANSWER_EXAMPLES[operationId];
      illustrate(media, isRefusal ? refusalExample(operationId, status) : answer, type);
    }
  }
}

/**
 * Bytes are no text of JSON, so they stand as an address that has them in itself; as an `externalValue`, generators
 * would take it for the name of a file.
 */
function illustrate(media: Media, example: unknown, type: string): void {
  const bytes = BINARY_EXAMPLES[type];
  if (example !== undefined) media.example = example;
  else if (bytes !== undefined) media.examples = { bytes: { summary: 'The bytes, as a data: URL', value: bytes } };
}
