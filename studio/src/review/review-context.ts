import { createContext, useContext } from 'react';
import type { Thumbnails } from '../library/create-thumbnails.ts';
import type { Review } from './create-review.ts';
import type { ReviewActs } from './review-acts.ts';

/** What the parts of the review screen share. */
export interface ReviewParts {
  review: Review;
  acts: ReviewActs;
  pictures: Thumbnails;
  /** Whether parts of photos around the objects are shown, else whole photos. */
  isCutOut: boolean;
  /** Whether the server can bring deleted annotations back. */
  canRestore: boolean;
  /** Asks for the label of what is selected. */
  askLabel(): void;
}

export const ReviewContext = createContext<ReviewParts | undefined>(undefined);

/**
 * What the parts of the review screen share.
 *
 * @throws Error outside of the review's screen
 */
export function useReview(): ReviewParts {
  const parts = useContext(ReviewContext);
  if (parts === undefined) throw new Error("useReview is called outside of the review's screen.");
  return parts;
}
