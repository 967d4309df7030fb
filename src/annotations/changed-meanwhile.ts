import { KonturError } from '#contract/errors';
import type { AnnotationRecord } from './annotation-record.ts';

/** Someone else has changed annotations since the client read them; nothing was written. */
export class ChangedMeanwhile extends KonturError {
  /** The annotations as they are now. */
  readonly current: AnnotationRecord[];

  constructor(current: AnnotationRecord[]) {
    const ids = current.map(({ id }) => id).join(', ');
    super(
      'changed-meanwhile',
      `Changed since they were read: annotations ${ids}. Read them again and repeat the change on what they are now.`,
    );
    this.name = 'ChangedMeanwhile';
    this.current = current;
  }
}
