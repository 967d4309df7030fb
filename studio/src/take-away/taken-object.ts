import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import type { OutputSegment, OutputSource } from '#outputs/output-format';
import { type ObjectPrompt, type Outline, outlineOf, type PhotoObject } from '../objects/photo-object.ts';

/** An object with all that is needed to write it in any format. */
export interface TakenObject {
  prompt: ObjectPrompt;
  /** Its outline, in fractions of the upright photo. */
  outline: Pick<Outline, 'score' | 'parts'>;
  /** Index of the outline among the answers to the prompt. */
  segment: number;
  label?: string;
  /** The job that it was saved as; undefined if it is in this browser alone. */
  jobId?: number;
}

/** A photo whose objects are written. */
export interface TakenPhoto extends ImageSize {
  id: number;
  name: string;
}

/** An object of an opened photo as it is written; undefined while it has no outline. */
export function takeObject(object: PhotoObject): TakenObject | undefined {
  const outline = outlineOf(object);
  if (outline === undefined) return undefined;
  const { prompt, chosen: segment, label, jobId } = object;
  return { prompt, outline, segment, label, jobId };
}

/**
 * Input of an output format's `write`: the objects as segments, in pixels of the upright photo.
 *
 * @param labels in the order of their classes, for documents of several photos that number them alike
 */
export function toOutputSource(
  { id, name, ...size }: TakenPhoto,
  objects: readonly TakenObject[],
  labels?: readonly string[],
): OutputSource {
  const segments = objects.map(({ outline: { score, parts }, prompt, label }, index): OutputSegment => {
    const named = { ...(label && { label }), ...(objects.length > 1 && { prompt: toPrompt(prompt) }) };
    return { index, score, parts: parts.map((rings) => toPixels(rings, size)), ...named };
  });
  const [only, ...others] = objects;
  const prompt = only !== undefined && others.length === 0 ? toPrompt(only.prompt) : undefined;
  return { ...size, photo: { id, name }, prompt, segments, labels, indent: 2 };
}

const toPrompt = ({ points, boundingBox }: ObjectPrompt): Prompt => ({
  ...(points.length > 0 && { points: points.map(({ x, y, label }) => ({ x, y, label })) }),
  ...(boundingBox && { boundingBox }),
});

function toPixels(rings: Outline['parts'][number], size: ImageSize): MaskPolygon {
  const [outer = [], ...holes] = rings.map((ring) => ring.map(({ x, y }) => unitToPixel(unitPoint(x, y), size)));
  return { outer, holes };
}
