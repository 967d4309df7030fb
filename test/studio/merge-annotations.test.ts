import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../studio/src/annotations/annotation.ts';
import { asSaved, toSaved } from '../../studio/src/annotations/annotation.ts';
import { cropAround } from '../../studio/src/annotations/crop.ts';
import { mergeAnnotations } from '../../studio/src/annotations/merge-annotations.ts';
import { isSaved, isUnsaved, type Outline, type PhotoObject } from '../../studio/src/objects/photo-object.ts';

const square = (at: number): Outline['parts'] => [
  [
    [
      { x: at, y: at },
      { x: at + 0.1, y: at },
      { x: at + 0.1, y: at + 0.1 },
      { x: at, y: at + 0.1 },
    ],
  ],
];

const annotation = (id: number, change: Partial<Annotation> = {}): Annotation => ({
  id,
  annotatedResourceId: 1,
  annotationType: 'images.ObjectDetection',
  status: 'approved',
  creatingApp: 'kontur',
  creatingUser: 'anna',
  data: { confidence: 0.9 },
  createdTime: 1000,
  lastUpdatedTime: 1000,
  label: 'boat',
  rings: square(0.1 * (id % 8)),
  ...change,
});

/** The object of an annotation as it was saved, and changed since. */
const object = (of: Annotation, change: Partial<PhotoObject> = {}): PhotoObject => ({
  id: `object ${of.id}`,
  ...asSaved(of),
  ...change,
});
const nothing = { added: [], renewed: [], gone: [], orphaned: [], conflicts: [] };

describe('objects and the annotations of the server', () => {
  it('are the same where nothing has changed, also where a label was changed here alone', () => {
    const one = annotation(1);
    expect(mergeAnnotations([object(one), object(annotation(2), { label: 'junk' })], [annotation(2), one])).toEqual(
      nothing,
    );
  });

  it('are put in where the server alone has them, oldest change lowest, without the rejected and what is no area', () => {
    const { added } = mergeAnnotations(
      [],
      [
        annotation(4),
        annotation(3, { status: 'rejected' }),
        annotation(2, { annotationType: 'images.Classification', rings: undefined }),
        annotation(1),
      ],
    );
    expect(added.map(({ annotation: saved }) => saved?.id)).toEqual([1, 4]);
    expect(added.every(isSaved)).toBe(true);
  });

  it('are taken over where somebody else has changed them and nobody here has', () => {
    const now = annotation(1, { lastUpdatedTime: 2000, label: 'junk', rings: square(0.5) });
    const { renewed, ...rest } = mergeAnnotations([object(annotation(1))], [now]);
    expect(renewed).toEqual([{ id: 'object 1', change: asSaved(now) }]);
    expect(rest).toEqual({ added: [], gone: [], orphaned: [], conflicts: [] });
  });

  it('keep their prompt where only their state has changed', () => {
    const now = annotation(1, { lastUpdatedTime: 2000, status: 'rejected' });
    const changed = object(annotation(1), { label: 'junk' });
    expect(mergeAnnotations([changed], [{ ...now, label: 'junk' }]).renewed).toEqual([
      { id: 'object 1', change: { annotation: toSaved({ ...now, label: 'junk' }) } },
    ]);
  });

  it('are a conflict where both have changed them, and nothing is lost', () => {
    const now = annotation(1, { lastUpdatedTime: 2000, label: 'junk' });
    const mine = object(annotation(1), { label: 'barge' });
    expect(mergeAnnotations([mine], [now])).toEqual({ ...nothing, conflicts: [{ id: 'object 1', theirs: now }] });
  });

  it('go where they were deleted elsewhere, unless they were changed here', () => {
    const changed = object(annotation(2), { label: 'barge' });
    expect(mergeAnnotations([object(annotation(1)), changed], [])).toEqual({
      ...nothing,
      gone: ['object 1'],
      orphaned: ['object 2'],
    });
  });

  it('that were never saved stay', () => {
    const fresh = object(annotation(1), { annotation: undefined });
    expect(isUnsaved(fresh)).toBe(true);
    expect(mergeAnnotations([fresh], [])).toEqual(nothing);
  });

  it('of a box are its corners', () => {
    const box = { xMin: 0.1, yMin: 0.2, xMax: 0.3, yMax: 0.4 };
    const { added } = mergeAnnotations([], [annotation(1, { rings: undefined, data: { boundingBox: box } })]);
    expect(added[0]?.outlines[0]?.parts.flat(2)).toHaveLength(4);
  });
});

describe('a part of a photo around an object', () => {
  const photo = { width: 1000, height: 500 };

  it('has the wanted aspect, holds the object, and stays on the photo where it can', () => {
    for (const at of [0, 0.3, 0.9]) {
      const { left, top, width, height } = cropAround(square(at), photo, 4 / 3);
      expect(width / height).toBeCloseTo(4 / 3);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(1000.001);
      expect(top + height).toBeLessThanOrEqual(500.001);
      expect(left).toBeLessThanOrEqual(at * 1000);
      expect(left + width).toBeGreaterThanOrEqual((at + 0.1) * 1000);
    }
  });

  it('is all of the photo where there is no area', () => {
    expect(cropAround([], photo, 1)).toEqual({ left: 0, top: 0, ...photo });
  });
});
