import { type Static, Type } from 'typebox';
import { MAX_ID } from '../limits.ts';
import { ANNOTATION_STATUSES } from './annotation.ts';

/** Query of `GET …/kontur/export`. */
export const SetQuerySchema = Type.Object({
  format: Type.Enum(['coco', 'yolo', 'labelme', 'csv'], { description: 'Format of the set.' }),
  dataSetId: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Annotations on files of this data set alone.' }),
  ),
  label: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Annotations with this label alone.' }),
  ),
  status: Type.Optional(Type.Enum([...ANNOTATION_STATUSES], { description: 'Annotations of this status alone.' })),
  images: Type.Optional(Type.Boolean({ default: false, description: 'Add the photos; the answer is then a zip.' })),
  encoding: Type.Optional(
    Type.Enum(['polygons', 'rle'], {
      default: 'polygons',
      description:
        'How COCO has outlines: polygons with holes cut in by seams, or the pixels of the mask as run lengths.',
    }),
  ),
});
/** Query of a set, with its defaults. */
export type SetQuery = Static<typeof SetQuerySchema> & { images: boolean; encoding: 'polygons' | 'rle' };
