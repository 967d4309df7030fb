import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { lastAuthor } from '../annotations/annotation.ts';
import { ApiError } from '../api/api-error.ts';
import { useReview } from './review-context.ts';
import classes from './review-screen.module.css';

/** What the person should know of their decisions, and what they can do about it; else the keys. */
export function ReviewNotice() {
  const { t } = useTranslation();
  const { review, canRestore } = useReview();
  const { changes, source } = review;
  const { overtaken, failed, reason, steps, deleted } = useStore(changes);
  const items = useStore(source.store, (state) => state.items);
  if (overtaken.length > 0) {
    const first = items.find(({ id }) => id === overtaken[0]?.id);
    const name = (first && lastAuthor(first)) ?? t('review.someone');
    return (
      <div className={classes.notice} data-grave role="alert" data-testid="review-notice">
        <span>{t('review.overtaken', { count: overtaken.length, name })}</span>
        <Button size="compact-sm" onClick={changes.again}>
          {t('review.again')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={changes.dismiss}>
          {t('review.leave')}
        </Button>
      </div>
    );
  }
  if (reason !== undefined) {
    const isAway = reason instanceof ApiError && reason.status === 0;
    return (
      <div className={classes.notice} data-grave role="alert" data-testid="review-notice">
        <span>
          {t('review.failed')} {isAway ? t('review.noServer') : reason.message}
        </span>
        {failed.length > 0 && (
          <Button size="compact-sm" onClick={changes.again}>
            {t('shell.tryAgain')}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={changes.dismiss}>
          {t('review.close')}
        </Button>
      </div>
    );
  }
  if (deleted > 0 && canRestore) {
    return (
      <div className={classes.notice} role="status" data-testid="review-notice">
        <span>{t('review.deleted', { count: deleted })}</span>
        <Button size="compact-sm" variant="default" data-testid="review-undo" onClick={changes.undo}>
          {t('review.undo')}
        </Button>
      </div>
    );
  }
  return (
    <footer className={classes.keys}>
      {(['approve', 'reject', 'label', 'delete', 'select', 'open'] as const).map((key) => (
        <span key={key}>
          <kbd>{t(`review.keys.${key}Key`)}</kbd> {t(`review.keys.${key}`)}
        </span>
      ))}
      {steps > 0 && (
        <span>
          <kbd>Ctrl Z</kbd> {t('review.undo')}
        </span>
      )}
    </footer>
  );
}
