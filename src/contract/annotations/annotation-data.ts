import { type TSchema, Type } from 'typebox';
import { MAX_ID } from '../limits.ts';
import {
  AnnotationBoundingBoxSchema,
  AnnotationGeometrySchema,
  AnnotationPointSchema,
  AnnotationPolygonSchema,
  AnnotationPolylineSchema,
  confidence,
  geometries,
  ONE_GEOMETRY,
} from './geometry.ts';

const CLOSED = { additionalProperties: false };
const Text = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });
const Label = Text('Name of what is seen.');
const mapOf = (item: TSchema, description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: item, description });

/** A property of what is seen, such as whether a valve is open; its value is of the kind that `type` names. */
export const AnnotationAttributeSchema = Type.Object(
  {
    type: Type.Enum(['boolean', 'numerical'], { description: 'Kind of the value.' }),
    value: Type.Unsafe<boolean | number>({
      anyOf: [{ type: 'boolean' }, { type: 'number' }],
      description: 'true or false, or a number.',
    }),
    description: Type.Optional(Type.String({ maxLength: 500, description: 'What it says.' })),
  },
  { $id: 'AnnotationAttribute', ...CLOSED },
);
const attributes = Type.Optional(mapOf(Type.Ref('AnnotationAttribute'), 'Properties of what is seen, by name.'));

/** A named place of what is seen, such as the tip of a needle. */
const AnnotationKeypointSchema = Type.Object(
  { point: Type.Ref('AnnotationPoint'), confidence, attributes },
  { $id: 'AnnotationKeypoint', ...CLOSED },
);

/** Names an asset: by exactly one of its ids. */
const AssetReferenceSchema = Type.Object(
  {
    id: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id of the asset.' })),
    externalId: Type.Optional(Type.String({ maxLength: 256, description: 'Id that a client chose for it.' })),
  },
  { $id: 'AssetReference', ...CLOSED, oneOf: [{ required: ['id'] }, { required: ['externalId'] }] },
);

const Space = Type.String({
  minLength: 1,
  maxLength: 43,
  pattern: '^[a-zA-Z][a-zA-Z0-9_-]{0,41}[a-zA-Z0-9]?$',
  description: 'Name of the space.',
});
const ViewReferenceSchema = Type.Object(
  {
    type: Type.Enum(['view'], { description: 'view.' }),
    space: Space,
    externalId: Type.String({ minLength: 1, maxLength: 255, description: 'Id of the view.' }),
    version: Type.String({ minLength: 1, maxLength: 43, description: 'Version of the view.' }),
  },
  { $id: 'ViewReference', ...CLOSED },
);
/** Names a node or an edge of data modelling, and the views to read it by. */
const InstanceReferenceSchema = Type.Object(
  {
    instanceType: Type.Enum(['node', 'edge'], { description: 'Whether it is a node or an edge.' }),
    space: Space,
    externalId: Type.String({ minLength: 1, maxLength: 255, description: 'Id that a client chose for it.' }),
    sources: Type.Array(Type.Ref('ViewReference'), { maxItems: 10, description: 'Views to read it by; may be empty.' }),
  },
  { $id: 'InstanceReference', ...CLOSED },
);

const textRegion = Type.Ref('AnnotationBoundingBox');
const ofLink = {
  text: Text('The text that names it.'),
  textRegion,
  objectRegion: Type.Optional(Type.Ref('AnnotationGeometry')),
  confidence,
};

/** Schema of `data` for each annotation type that this server keeps (docs/contract.md#annotations-data). */
export const ANNOTATION_DATA_SCHEMAS = {
  'images.ObjectDetection': Type.Object(
    { label: Label, ...geometries, confidence, attributes },
    { $id: 'ImagesObjectDetection', ...ONE_GEOMETRY },
  ),
  'images.Classification': Type.Object({ label: Label, confidence }, { $id: 'ImagesClassification', ...CLOSED }),
  'images.KeypointCollection': Type.Object(
    {
      label: Label,
      keypoints: mapOf(Type.Ref('AnnotationKeypoint'), 'Places of what is seen, by name.'),
      confidence,
      attributes,
    },
    { $id: 'ImagesKeypointCollection', ...CLOSED },
  ),
  'images.TextRegion': Type.Object(
    { text: Text('What is written there.'), textRegion, confidence },
    { $id: 'ImagesTextRegion', ...CLOSED },
  ),
  'images.AssetLink': Type.Object(
    { assetRef: Type.Ref('AssetReference'), ...ofLink },
    { $id: 'ImagesAssetLink', ...CLOSED },
  ),
  'images.InstanceLink': Type.Object(
    { instanceRef: Type.Ref('InstanceReference'), ...ofLink },
    { $id: 'ImagesInstanceLink', ...CLOSED },
  ),
} as const;
/** An annotation type that this server keeps. */
export type AnnotationType = keyof typeof ANNOTATION_DATA_SCHEMAS;
/** The annotation types that this server keeps: those of photos. */
export const ANNOTATION_TYPES = Object.keys(ANNOTATION_DATA_SCHEMAS) as AnnotationType[];
/** Annotation types of the hosted API that this server does not keep. */
export const OTHER_ANNOTATION_TYPES = [
  ...['diagrams.AssetLink', 'diagrams.FileLink', 'diagrams.InstanceLink', 'diagrams.Junction', 'diagrams.Line'],
  ...['diagrams.UnhandledSymbolObject', 'diagrams.UnhandledTextObject', 'documents.ExtractedText', 'forms.Detection'],
  ...['isoplan.IsoPlanAnnotation', 'pointcloud.BoundingVolume'],
];

/** `data` of an annotation; its keys depend on the annotation type. */
export type AnnotationData = Record<string, unknown>;

/** The schemas that `data` is made of, each with a name. */
export const ANNOTATION_PARTS: TSchema[] = [
  AnnotationPointSchema,
  AnnotationBoundingBoxSchema,
  AnnotationPolygonSchema,
  AnnotationPolylineSchema,
  AnnotationGeometrySchema,
  AnnotationAttributeSchema,
  AnnotationKeypointSchema,
  AssetReferenceSchema,
  ViewReferenceSchema,
  InstanceReferenceSchema,
  ...Object.values(ANNOTATION_DATA_SCHEMAS),
];
