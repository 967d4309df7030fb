import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/create-api.ts';
import { createReviewChanges, type ReviewChanges } from './create-review-changes.ts';
import { createReviewSource, type ReviewSource } from './create-review-source.ts';
import { type ReviewQuery, reviewAddress } from './review-query.ts';

/** Which annotation is looked at, and which are selected. */
export interface ReviewFocus {
  currentId?: number;
  selected: ReadonlySet<number>;
}

/** What is reviewed with one query. */
export interface Review {
  source: ReviewSource;
  changes: ReviewChanges;
  focus: StoreApi<ReviewFocus>;
  /** How far the grid is scrolled, in CSS pixels. */
  scrollTop: number;
}

/** What the review of a project remembers while other screens are shown. */
export interface Reviews {
  /** The review of a query: the one there is if it is of the same query, otherwise another instead of it. */
  open(query: ReviewQuery): Review;
}

const all = new WeakMap<Api, Reviews>();

/** The review of a project, made when it is first asked for. */
export function reviewsOf(api: Api): Reviews {
  const found = all.get(api) ?? createReviews(api);
  all.set(api, found);
  return found;
}

function createReviews(api: Api): Reviews {
  let review: Review | undefined;
  return {
    open(query) {
      if (review !== undefined && reviewAddress(review.source.query) === reviewAddress(query)) return review;
      review?.source.close();
      const source = createReviewSource(api, query);
      review = {
        source,
        changes: createReviewChanges(api, source),
        focus: createStore<ReviewFocus>(() => ({ selected: new Set() })),
        scrollTop: 0,
      };
      return review;
    },
  };
}
