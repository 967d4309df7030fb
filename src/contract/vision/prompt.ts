import { type Static, Type } from 'typebox';
import type { PromptMask } from './prompt-mask.ts';

/** A fraction of the width (x) or the height (y) of the upright image, origin top-left. */
const UnitCoordinate = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

/** One click: label 1 marks the object (foreground), 0 the background (docs/contract.md#segment-points). */
export const PointSchema = Type.Object(
  {
    x: UnitCoordinate('Fraction of the image width, from the left.'),
    y: UnitCoordinate('Fraction of the image height, from the top.'),
    label: Type.Optional(
      Type.Number({ enum: [0, 1], default: 1, description: '1 marks the object (foreground), 0 background.' }),
    ),
  },
  { $id: 'SegmentPoint' },
);

/** Box of a prompt, in unit coordinates of the upright image (docs/contract.md#segment-bounding-box). */
export const BoundingBoxSchema = Type.Object(
  {
    xMin: UnitCoordinate('Left edge, a fraction of the image width.'),
    yMin: UnitCoordinate('Top edge, a fraction of the image height.'),
    xMax: UnitCoordinate('Right edge, a fraction of the image width greater than xMin.'),
    yMax: UnitCoordinate('Bottom edge, a fraction of the image height greater than yMin.'),
  },
  { $id: 'SegmentBoundingBox', description: 'Prompt box: xMin < xMax and yMin < yMax.' },
);

/** A box around an object, in fractions of the upright image. */
export type BoundingBox = Static<typeof BoundingBoxSchema>;

/** A point of a prompt with its defaults applied. Unit coordinates of the upright image. */
export interface PromptPoint {
  x: number;
  y: number;
  label: 0 | 1;
}

/**
 * What to cut out: points, a box, or both; never neither. Unit coordinates of the upright image, defaults applied. If
 * there are points, there is at least one and they are distinct; made by `checkPrompt`.
 */
export interface Prompt {
  points?: PromptPoint[];
  boundingBox?: BoundingBox;
  /** The outline that points and box correct. */
  mask?: PromptMask;
  /** The client gave the mask alone, which is answered as it stands; `boundingBox` is the box around it. */
  isMaskAlone?: true;
}

/** The prompt as it stands in requests and answers (docs/contract.md#segment-prompt). */
export const promptProperties = (limits: { maxItems?: number } = {}) => ({
  points: Type.Optional(
    Type.Array(Type.Ref('SegmentPoint'), { uniqueItems: true, description: 'Clicks, no two alike.', ...limits }),
  ),
  boundingBox: Type.Optional(Type.Ref('SegmentBoundingBox')),
});
