import { type Static, Type } from 'typebox';
import { MAX_MASK_POLYGONS, MAX_MASK_SIDE, MAX_VERTICES, MIN_VERTICES } from '../limits.ts';

const Corner = Type.Object({
  x: Type.Number({ minimum: 0, maximum: 1, description: 'Fraction of the image width, from the left.' }),
  y: Type.Number({ minimum: 0, maximum: 1, description: 'Fraction of the image height, from the top.' }),
});
const Side = (description: string) => Type.Integer({ minimum: 1, maximum: MAX_MASK_SIDE, description });

/** Outline that a prompt starts from: polygons in unit coordinates, or COCO's run lengths of a mask at image size. */
export const PromptMaskSchema = Type.Object(
  {
    polygons: Type.Optional(
      Type.Array(
        Type.Object({
          vertices: Type.Array(Corner, {
            minItems: MIN_VERTICES,
            maxItems: MAX_VERTICES,
            description: 'Corners in order; the last joins the first. A hole is cut in by a seam, as in answers.',
          }),
        }),
        {
          minItems: 1,
          maxItems: MAX_MASK_POLYGONS,
          description: 'The mask is what lies in any of them: one for each detached part.',
        },
      ),
    ),
    rle: Type.Optional(
      Type.Object(
        {
          size: Type.Unsafe<[number, number]>(
            Type.Array(Side('A side in pixels.'), {
              minItems: 2,
              maxItems: 2,
              description: 'Height, then width, of the upright image in pixels.',
            }),
          ),
          counts: Type.Unsafe<string | number[]>({
            anyOf: [Type.String(), Type.Array(Type.Number())],
            description: 'Run lengths, column by column, zeros first: a list of numbers, or the compressed string.',
          }),
        },
        { description: "A mask at image size, as COCO's tools write it." },
      ),
    ),
  },
  {
    $id: 'PromptMask',
    oneOf: [{ required: ['polygons'] }, { required: ['rle'] }],
    description: 'An outline to start from, which points and a box correct; alone, it is answered as it stands.',
  },
);

/**
 * An outline that a prompt starts from: polygons in unit coordinates of the upright image, whose union is the mask, or
 * the mask's run lengths at image size (COCO; `size` is height, then width).
 */
export type PromptMask =
  | { polygons: { vertices: { x: number; y: number }[] }[] }
  | { rle: { size: [height: number, width: number]; counts: string | number[] } };

/** A mask of a prompt as a client gives it. */
export type UncheckedMask = Static<typeof PromptMaskSchema>;

/** The mask of a prompt in requests to Kontur's own operations. */
export const maskProperty = { mask: Type.Optional(Type.Ref('PromptMask')) };

/** A prompt needs one of these. */
export const anyPromptOrMask = [{ required: ['points'] }, { required: ['boundingBox'] }, { required: ['mask'] }];
