import { type Static, Type } from 'typebox';
import { MAX_ID } from '../limits.ts';
import { geoLocationFilter } from './geo-location.ts';
import { MetadataSchema } from './metadata.ts';

const Id = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id.' });
const Time = Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'Milliseconds since 1970-01-01 UTC.' });
const TimeRange = (of: string) =>
  Type.Optional(
    Type.Object({ min: Type.Optional(Time), max: Type.Optional(Time) }, { description: `${of}; both ends included.` }),
  );
/** Reference to a record that this server does not store and knows only by its id. */
const Outsider = Type.Object(
  {
    id: Type.Optional(Id),
    externalId: Type.Optional(Type.String({ maxLength: 255, description: 'Id that a client chose.' })),
  },
  { oneOf: [{ required: ['id'] }, { required: ['externalId'] }] },
);
const outsiders = (description: string) =>
  Type.Optional(Type.Array(Outsider, { minItems: 1, maxItems: 100, description }));
const labels = (description: string) =>
  Type.Optional(
    Type.Array(Type.Object({ externalId: Type.String({ maxLength: 255, description: 'Id of the label.' }) }), {
      minItems: 1,
      maxItems: 100,
      description,
    }),
  );

/** Filter of a list of files: files that meet every condition given (docs/contract.md#files-filter). */
export const FileFilterSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 256, description: 'The exact name.' })),
    directoryPrefix: Type.Optional(Type.String({ maxLength: 512, description: 'How the directory begins.' })),
    mimeType: Type.Optional(Type.String({ maxLength: 256, description: 'The exact mimeType.' })),
    source: Type.Optional(Type.String({ maxLength: 128, description: 'The exact source.' })),
    metadata: Type.Optional(MetadataSchema),
    assetIds: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: 100, description: 'At least one of them is linked to the file.' }),
    ),
    assetExternalIds: Type.Optional(
      Type.Array(Type.String({ maxLength: 255, description: 'Id that a client chose for an asset.' }), {
        minItems: 1,
        maxItems: 100,
        description: 'Answered 400 with missing: this server keeps no assets to look an externalId up in.',
      }),
    ),
    rootAssetIds: outsiders('By id, and as assetIds: this server keeps no assets, so that each is a tree of its own.'),
    assetSubtreeIds: outsiders(
      'By id, and as assetIds: this server keeps no assets, so that each is a tree of its own.',
    ),
    dataSetIds: outsiders('By id; this server keeps no data sets to look an externalId up in.'),
    labels: Type.Optional(
      Type.Object(
        {
          containsAny: labels('The file has at least one of these.'),
          containsAll: labels('The file has all of these.'),
        },
        { maxProperties: 1, description: 'One of two conditions on the labels.' },
      ),
    ),
    createdTime: TimeRange('When the file was created'),
    lastUpdatedTime: TimeRange('When its metadata was last changed'),
    uploadedTime: TimeRange('When its content was uploaded'),
    sourceCreatedTime: TimeRange('When it was created in the source'),
    sourceModifiedTime: TimeRange('When it was last changed in the source'),
    externalIdPrefix: Type.Optional(Type.String({ maxLength: 255, description: 'How the externalId begins.' })),
    uploaded: Type.Optional(Type.Boolean({ description: 'Whether the file has content.' })),
    geoLocation: Type.Optional(geoLocationFilter),
  },
  { description: 'Conditions that all have to be met.' },
);
/** Conditions that a file has to meet, all of them. */
export type FileFilter = Static<typeof FileFilterSchema>;
