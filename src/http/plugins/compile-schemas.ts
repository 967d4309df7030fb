import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';
import { describeValidationError } from '../describe-validation-error.ts';
import { sharedSchemas } from '../shared-schemas.ts';

const OPTIONS: Options = { useDefaults: true, verbose: true, allErrors: false, strict: true, strictRequired: false };

/**
 * Validates requests with the schemas that also describe the API. Bodies are taken as they are; only parameters, which
 * are text on the wire, are converted. Answers are not filtered by their schemas: the tests validate those.
 */
export function compileSchemas(app: FastifyInstance, maxPoints: number): void {
  const schemas = sharedSchemas(maxPoints);
  for (const schema of schemas) app.addSchema(schema);
  const bodies = new Ajv2020(OPTIONS);
  const parameters = new Ajv2020({ ...OPTIONS, coerceTypes: 'array' });
  for (const ajv of [bodies, parameters]) {
    // Ajv compares items by `valueOf`, which a client may send as a property; `checkPrompt` finds duplicates instead.
    ajv.removeKeyword('uniqueItems').addKeyword('uniqueItems');
    ajv.addSchema(schemas);
  }
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? bodies : parameters).compile(schema as object),
  );
  app.setSerializerCompiler(() => JSON.stringify);
  app.setSchemaErrorFormatter(
    (errors, part) => new KonturError('invalid-request', describeValidationError(errors as never, part)),
  );
}
