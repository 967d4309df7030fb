import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { GRID_GAP, useGridMeasures } from '../library/use-grid-measures.ts';
import { ASPECT, ReviewCard } from './review-card.tsx';
import { useReview } from './review-context.ts';
import classes from './review-grid.module.css';
import { useReviewKeys } from './use-review-keys.ts';

/** Rows that are drawn beyond what is seen, at either end. */
const OVERSCAN = 2;
/** Annotations that are read beyond those that are drawn. */
const READ_AHEAD = 250;
const CARD = { aspect: 1 / ASPECT, textHeight: 60, least: [176, 140] } as const;

/** The annotations as a grid, of which only the rows that are seen are drawn. */
export function ReviewGrid() {
  const { t } = useTranslation();
  const { review } = useReview();
  const { items, ended } = useStore(review.source.store);
  const currentId = useStore(review.focus, (focus) => focus.currentId);
  const scroller = useRef<HTMLDivElement>(null);
  const { columns, rowHeight } = useGridMeasures(scroller, CARD);
  useReviewKeys({ columns, scroller });
  const rows = useVirtualizer({
    count: Math.ceil(items.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight + GRID_GAP,
    overscan: OVERSCAN,
    initialOffset: review.scrollTop,
    scrollPaddingStart: GRID_GAP,
    scrollPaddingEnd: GRID_GAP,
    useFlushSync: false,
  });
  useLayoutEffect(() => {
    if (rowHeight > 0) rows.measure();
  }, [rows, rowHeight]);
  const drawn = rows.getVirtualItems();
  const upTo = ((drawn.at(-1)?.index ?? 0) + 1) * columns;
  useEffect(() => {
    void review.source.loadTo(upTo + READ_AHEAD);
  }, [review, upTo]);

  const place = items.findIndex(({ id }) => id === currentId);
  const currentRow = place < 0 ? undefined : Math.floor(place / columns);
  useEffect(() => {
    if (currentRow !== undefined && rowHeight > 0) rows.scrollToIndex(currentRow);
  }, [rows, currentRow, rowHeight]);

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onScroll={({ currentTarget }) => {
        review.scrollTop = currentTarget.scrollTop;
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows stand between the list and its items */}
      <div
        role="list"
        aria-label={t('review.annotations')}
        aria-busy={!ended}
        className={classes.all}
        style={{ height: rows.getTotalSize() }}
      >
        {rowHeight > 0 &&
          drawn.map(({ key, index: row, start }) => (
            <div
              key={key}
              role="presentation"
              className={classes.row}
              style={{
                transform: `translateY(${start}px)`,
                height: rowHeight,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              }}
            >
              {items.slice(row * columns, (row + 1) * columns).map((item, column) => (
                <ReviewCard key={item.id} item={item} index={row * columns + column} />
              ))}
            </div>
          ))}
      </div>
    </div>
  );
}
