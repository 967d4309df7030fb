import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Annotation, lastAuthor } from '../annotations/annotation.ts';
import { AnnotationPicture } from '../annotations/annotation-picture.tsx';
import { StatusMark } from '../annotations/status-mark.tsx';
import { formatDay } from '../library/format-file.ts';
import { colourOf } from '../objects/colours.ts';
import { useReview } from './review-context.ts';
import classes from './review-grid.module.css';

/** Width of a picture by its height. */
export const ASPECT = 4 / 3;

/** One annotation: what it looks like, its label, its state, and who changed it last. */
export const ReviewCard = memo(function ReviewCard({ item, index }: { item: Annotation; index: number }) {
  const { t, i18n } = useTranslation();
  const { review, acts, pictures, isCutOut } = useReview();
  const isCurrent = useStore(review.focus, ({ currentId }) => currentId === item.id);
  const isSelected = useStore(review.focus, ({ selected }) => selected.has(item.id));
  const anySelected = useStore(review.focus, ({ selected }) => selected.size > 0);
  const { id, label, status, lastUpdatedTime } = item;
  const name = label ?? t('review.noLabel');
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows stand between the list and its items
    <div
      role="listitem"
      aria-posinset={index + 1}
      aria-setsize={-1}
      className={classes.card}
      data-testid="review-item"
      data-index={index}
      data-annotation={id}
      data-status={status}
      data-current={isCurrent || undefined}
      data-selected={isSelected || undefined}
      data-selecting={anySelected || undefined}
    >
      <button
        type="button"
        className={classes.main}
        aria-current={isCurrent || undefined}
        tabIndex={isCurrent ? 0 : -1}
        onClick={(event) => {
          if (event.shiftKey) acts.selectTo(id);
          else if (event.ctrlKey || event.metaKey) acts.toggle(id);
          acts.lookAt(id);
        }}
        onDoubleClick={acts.open}
      >
        <span className={classes.picture}>
          <AnnotationPicture annotation={item} pictures={pictures} aspect={ASPECT} isCutOut={isCutOut} />
        </span>
        <span className={classes.name}>
          <i style={{ background: colourOf(label ?? undefined, 0) }} />
          <bdi>{name}</bdi>
        </span>
        <span className={classes.line}>
          <StatusMark status={status} />
          <span className={classes.who}>{lastAuthor(item) ?? formatDay(lastUpdatedTime, i18n.language)}</span>
        </span>
      </button>
      <input
        type="checkbox"
        className={classes.check}
        aria-label={t('review.select', { name })}
        checked={isSelected}
        tabIndex={isCurrent ? 0 : -1}
        onChange={() => acts.toggle(id)}
      />
    </div>
  );
});
