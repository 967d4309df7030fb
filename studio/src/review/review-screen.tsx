import { Button, Skeleton, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { closeUpsOf } from '../annotations/close-ups.ts';
import { LabelField } from '../annotations/label-field.tsx';
import { useFacets } from '../annotations/use-facets.ts';
import { useLabels } from '../annotations/use-labels.ts';
import { useApi } from '../api/api-context.ts';
import { Dialog } from '../shell/dialog.tsx';
import { goTo, useHashQuery } from '../shell/hash-location.ts';
import { Trouble } from '../shell/trouble.tsx';
import { reviewsOf } from './create-review.ts';
import { reviewActs } from './review-acts.ts';
import { ReviewBar } from './review-bar.tsx';
import { ReviewContext } from './review-context.ts';
import { ReviewGrid } from './review-grid.tsx';
import { ReviewNotice } from './review-notice.tsx';
import { ReviewPanel } from './review-panel.tsx';
import { readReviewQuery } from './review-query.ts';
import classes from './review-screen.module.css';

/** Screen where annotations are approved, rejected and named: as a grid, with the one that is looked at beside it. */
export function ReviewScreen() {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const address = useHashQuery().toString();
  const query = useMemo(() => readReviewQuery(new URLSearchParams(address)), [address]);
  const reviews = reviewsOf(api);
  const review = useMemo(() => reviews.open(query), [reviews, query]);
  const allActs = useMemo(() => reviewActs(review), [review]);
  const { facets, isOwn } = useFacets(query.dataSetId);
  const [isCutOut, setCutOut] = useState(true);
  const [isNaming, setNaming] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const endNaming = () => setNaming(false);
  const labels = useLabels();
  const askLabel = useCallback(() => {
    if (allActs.targets().length > 0) setNaming(true);
  }, [allActs]);
  const acts = useMemo(
    // What cannot be brought back is asked about first.
    () => (isOwn ? allActs : { ...allActs, delete: () => setDeleting(allActs.targets().length > 0) }),
    [allActs, isOwn],
  );
  const parts = useMemo(
    () => ({ review, acts, pictures: closeUpsOf(api), isCutOut, canRestore: isOwn, askLabel }),
    [review, acts, api, isCutOut, isOwn, askLabel],
  );
  const { items, ended, problem } = useStore(review.source.store);

  useEffect(() => {
    const refresh = () => {
      if (review.changes.getState().pending === 0) void review.source.refresh().catch(() => {});
    };
    if (review.source.store.getState().items.length > 0) refresh();
    else void review.source.loadTo(1);
    addEventListener('focus', refresh);
    return () => removeEventListener('focus', refresh);
  }, [review]);

  const pending = useStore(review.changes, (state) => state.pending);
  useEffect(() => {
    if (pending === 0) void queries.invalidateQueries({ queryKey: ['annotation-facets', api.project] });
  }, [pending, queries, api]);

  const first = items[0]?.id;
  useEffect(() => {
    if (first !== undefined && review.focus.getState().currentId === undefined) allActs.lookAt(first);
  }, [first, review, allActs]);

  const isFiltered = Object.keys(query).length > 0;
  return (
    <ReviewContext value={parts}>
      <main className={classes.screen}>
        <VisuallyHidden component="h1">{t('shell.review')}</VisuallyHidden>
        <ReviewBar query={query} facets={facets} setCutOut={setCutOut} />
        {items.length > 0 ? (
          <ReviewGrid key={address} />
        ) : problem !== undefined ? (
          <div className={classes.state}>
            <Trouble error={problem} retry={review.source.retry} />
          </div>
        ) : ended ? (
          <div className={classes.state} data-testid="review-empty">
            <p>{t(isFiltered ? 'review.nothingFound' : 'review.nothing')}</p>
            {isFiltered && (
              <Button variant="light" onClick={() => goTo('/review')}>
                {t('review.showAll')}
              </Button>
            )}
          </div>
        ) : (
          <div className={classes.loading}>
            <Skeleton height={200} aria-label={t('review.loading')} />
          </div>
        )}
        <ReviewPanel />
        <ReviewNotice />
      </main>
      {isNaming && (
        <Dialog title={t('review.labelTitle', { count: allActs.targets().length })} size="sm" close={endNaming}>
          <LabelField
            known={labels.known}
            onEnd={(label) => {
              endNaming();
              if (label === undefined) return;
              labels.remember(label);
              allActs.decide({ label });
            }}
          />
        </Dialog>
      )}
      {isDeleting && (
        <Dialog
          title={t('review.deleteTitle', { count: allActs.targets().length })}
          size="sm"
          close={() => setDeleting(false)}
        >
          <p>{t('review.deleteForGood')}</p>
          <Button
            color="red"
            data-autofocus
            onClick={() => {
              setDeleting(false);
              allActs.delete();
            }}
          >
            {t('review.delete')}
          </Button>
        </Dialog>
      )}
    </ReviewContext>
  );
}
