import { type Static, type TSchema, Type } from 'typebox';

/** Most characters of a text property in data modelling. */
const MAX_TEXT = 131_072;
const MAX_LIST_ITEMS = 1000;

const text = (description: string) => Type.Optional(Type.String({ maxLength: MAX_TEXT, description }));
const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: MAX_TEXT }), { maxItems: MAX_LIST_ITEMS, description }));
const Timestamp = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})?$',
  description: 'ISO 8601 with seconds; UTC where no offset is given.',
});

/**
 * Properties that a client may set through the view `cdf_cdm/CogniteFile/v1`. Lengths are those of the file that is
 * created from them.
 */
const writable = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'Name of the file.' })),
  description: text('What the file shows.'),
  tags: texts('Words to find it by.'),
  aliases: texts('Other names.'),
  sourceId: text('Id in the system that it comes from.'),
  sourceContext: text('Where in that system.'),
  sourceCreatedTime: Type.Optional(Timestamp),
  sourceUpdatedTime: Type.Optional(Timestamp),
  sourceCreatedUser: text('Who created it there.'),
  sourceUpdatedUser: text('Who last changed it there.'),
  mimeType: Type.Optional(Type.String({ maxLength: 256, description: 'Media type of the content.' })),
  directory: Type.Optional(Type.String({ maxLength: 512, description: 'Folder of the file, as a path.' })),
};
const readable = {
  ...writable,
  isUploaded: Type.Boolean({ description: 'Whether the file has content.' }),
  uploadedTime: Type.Optional(Timestamp),
};

const writableProperties = Type.Object(writable);
/** Properties of a file node that are stored. */
export type CogniteFileProperties = Static<typeof writableProperties>;

/**
 * Null deletes a property. Other properties have to pass validation, so that the error can say why they are refused.
 */
const CogniteFileWriteSchema = Type.Object(
  Object.fromEntries(
    Object.entries<TSchema & { type?: string }>(writable).map(([name, schema]) => [name, orNull(schema)]),
  ),
  { $id: 'CogniteFileWrite', description: 'A property that is null is deleted; one that is not given stays.' },
);
/** Properties of a CogniteFile that a request writes; null clears one. */
export type CogniteFileWrite = { [Name in keyof CogniteFileProperties]: CogniteFileProperties[Name] | null };

function orNull(schema: TSchema & { type?: string }): TSchema {
  return Type.Optional(Type.Unsafe({ ...schema, type: [schema.type, 'null'] }));
}

/** The properties of a file node as answers show them; absent values are left out (docs/contract.md#instances-read). */
const CogniteFileSchema = Type.Object(readable, { $id: 'CogniteFile' });
/** Properties of a CogniteFile as an answer has them, with the state of its upload. */
export type CogniteFile = Static<typeof CogniteFileSchema>;

/** Schemas of the properties of file nodes, by the names under which routes refer to them. */
export const COGNITE_FILE_SCHEMAS = [CogniteFileWriteSchema, CogniteFileSchema];

/** Names of the properties that can be written. */
export const WRITABLE_PROPERTIES: readonly string[] = Object.keys(writable);
/** Names of the properties that the upload of the content sets. */
export const UPLOAD_PROPERTIES: readonly string[] = ['isUploaded', 'uploadedTime'];

/** Type of each property, as `typing` of an answer describes it in data modelling. */
export const COGNITE_FILE_TYPES = {
  name: 'text',
  description: 'text',
  tags: 'text list',
  aliases: 'text list',
  sourceId: 'text',
  sourceContext: 'text',
  sourceCreatedTime: 'timestamp',
  sourceUpdatedTime: 'timestamp',
  sourceCreatedUser: 'text',
  sourceUpdatedUser: 'text',
  mimeType: 'text',
  directory: 'text',
  isUploaded: 'boolean',
  uploadedTime: 'timestamp',
} as const satisfies Record<keyof CogniteFile, string>;
