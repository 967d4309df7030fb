import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { EmbeddedIssuer } from '../../auth/create-embedded-issuer.ts';
import { addExamples, type DescribedOperation } from '../examples/add-examples.ts';
import { spellOutSchemas } from './spell-out-schemas.ts';

const SOME_ISSUER = {
  tokenUrl: 'https://your-idps.token.url/',
  authorizationUrl: 'https://your-idps.authorization.url/',
};

/**
 * The four ways to get a bearer token that the hosted API documents; any of them is accepted
 * (docs/contract.md#access-schemes).
 */
const securitySchemes = ({ tokenUrl, authorizationUrl }: { tokenUrl: string; authorizationUrl: string }) => {
  const scopes = { 'https://{cluster}.cognitedata.com/.default': 'default' };
  return {
    'oidc-token': { type: 'http', scheme: 'bearer', bearerFormat: 'OpenID Connect or OAuth2 token' },
    'oauth2-client-credentials': { type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes } } },
    'oauth2-auth-code': { type: 'oauth2', flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes } } },
    'oauth2-open-industrial-data': {
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl, scopes: { 'https://api.cognitedata.com/.default': 'default' } } },
    },
  } as const;
};

/**
 * Adds `GET /openapi.json`: OpenAPI 3.1 from the schemas that validate requests. Covers the routes that are added after
 * this call.
 *
 * @param issuer the server's own issuer, if it has one
 */
export async function describeApi(
  app: FastifyInstance,
  {
    publicUrl,
    issuer = SOME_ISSUER,
  }: { publicUrl: string; issuer?: Pick<EmbeddedIssuer, 'tokenUrl' | 'authorizationUrl'> },
): Promise<void> {
  const schemes = securitySchemes(issuer);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Kontur',
        version: '1',
        description: 'Cuts out of photos what points and boxes mark: the segment operations of the Cognite Vision API.',
      },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: schemes },
      security: Object.keys(schemes).map((name) => ({ [name]: [] })),
      tags: [
        { name: 'Vision', description: 'Segmentation jobs.' },
        {
          name: 'Kontur',
          description: 'What the hosted API does not have: lists, outputs in other formats, previews.',
        },
        { name: 'Files', description: 'The images that jobs work on.' },
        { name: 'Annotations', description: 'What people and programs name in images.' },
        { name: 'Labels', description: 'What files are marked with, to be found by.' },
        { name: 'Data sets', description: 'What files and labels may be in; rights may be limited to them.' },
        { name: 'Data modelling', description: 'Spaces, and files by instance id.' },
        { name: 'Projects', description: 'Who may do what in which project.' },
        { name: 'Server', description: 'State and description of the server.' },
      ],
    },
    refResolver: { buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `schema-${index}`) },
    transformObject: (document) => finish('openapiObject' in document ? (document.openapiObject as ApiDocument) : {}),
  });
  app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, async () => app.swagger());
}

interface ApiDocument {
  components?: { schemas?: Record<string, object> };
  paths?: Record<string, Record<string, DescribedOperation>>;
}

/** The document with its schemas spelled out for generators of clients, and with examples. */
function finish({ components, paths = {}, ...document }: ApiDocument): object {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const operation of operations) {
    const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
      Object.values(part?.content ?? {}),
    );
    for (const media of contents)
      if (media.schema !== undefined) media.schema = spellOutSchemas(media.schema) as object;
    for (const parameter of operation.parameters ?? []) {
      const { default: value, ...schema } = (parameter.schema ?? {}) as { default?: unknown };
      parameter.schema = { ...(spellOutSchemas(schema) as object), ...(value !== undefined && { default: value }) };
    }
    addExamples(operation);
  }
  const schemas = Object.entries(components?.schemas ?? {}).map(([name, schema]) => {
    // A reference inside a schema that has an `$id` would be resolved against that id instead of the document.
    const { $id: _, ...rest } = schema as { $id?: string };
    return [name, spellOutSchemas(rest)];
  });
  return { ...document, paths, components: { ...components, schemas: Object.fromEntries(schemas) } };
}
