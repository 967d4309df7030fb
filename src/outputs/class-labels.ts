import type { OutputSegment, OutputSource } from './output-format.ts';

/** Label of a segment that nobody named. */
export const UNNAMED = 'object';

/** Label of a segment: its own, otherwise `object`. */
export const labelOf = ({ label }: Pick<OutputSegment, 'label'>): string => (label ? label : UNNAMED);

/**
 * Labels in the order of their classes: those of the source, then others of its segments as they occur. At least one,
 * so that a document without segments has a class too.
 */
export function classLabels({ labels = [], segments }: Pick<OutputSource, 'labels' | 'segments'>): string[] {
  const all = new Set([...labels, ...segments.map(labelOf)]);
  return all.size === 0 ? [UNNAMED] : [...all];
}
