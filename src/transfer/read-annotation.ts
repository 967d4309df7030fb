import type { SetAnnotation } from '#outputs/sets/set-format';

/** The photo of an annotation as a set names it. */
export interface PhotoName {
  /** Name of its file; may have folders before it. Without an extension if the set does not say which. */
  name: string;
  hasExtension: boolean;
  /** Id and externalId that the file has, or had on the server that the set comes from. */
  id?: number;
  externalId?: string;
}

/** An annotation as a set has it. What the set does not say is absent. */
export interface ReadAnnotation
  extends Pick<SetAnnotation, 'shape' | 'score' | 'attributes'>,
    Partial<Pick<SetAnnotation, 'status' | 'byHand'>> {
  photo: PhotoName;
  label: string;
}

/** What a reader finds at one place of a set: an annotation, or what is wrong there. */
export type Reading = { where: string } & ({ annotation: ReadAnnotation } | { problem: string });

/** Something at one place of a set is wrong; the rest of the set may be fine. */
export class BadPlace extends Error {
  override readonly name = 'BadPlace';
}

/**
 * Reads at one place; what is wrong there becomes a problem.
 *
 * @throws any error of `read` that is no `BadPlace`
 */
export function readPlace(where: string, read: () => ReadAnnotation): Reading {
  try {
    return { where, annotation: read() };
  } catch (error) {
    if (!(error instanceof BadPlace)) throw error;
    return { where, problem: error.message };
  }
}
