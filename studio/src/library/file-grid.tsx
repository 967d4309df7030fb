import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useUploads } from '../uploads/uploads-context.tsx';
import { FileCard, SkeletonCard } from './file-card.tsx';
import classes from './file-grid.module.css';
import { useLibrary } from './library-context.ts';
import { StoppedReading } from './library-states.tsx';
import { useGridKeys } from './use-grid-keys.ts';
import { GRID_GAP, useGridMeasures } from './use-grid-measures.ts';

/** Height of a picture by its width, of the lines below it with the border of the card, and least widths of a card. */
const CARD = { aspect: 0.63, textHeight: 60, least: [188, 148] } as const;
/** Rows that are drawn beyond what is seen, at either end. */
const OVERSCAN = 3;
/** Files that are read beyond those that are drawn. */
const READ_AHEAD = 120;

/** The files as a grid of pictures, of which only the rows that are seen are drawn. */
export function FileGrid() {
  const { t } = useTranslation();
  const { library, source } = useLibrary();
  const { files, total = 0, ended, gathered, problem } = useStore(source.store);
  const uploads = useOpenUploads();
  const scroller = useRef<HTMLDivElement>(null);
  const { columns, rowHeight } = useGridMeasures(scroller, CARD);
  const count = ended ? files.length : Math.max(files.length, total);
  const keys = useGridKeys({
    columns,
    count,
    scrollTo: (index) => rows.scrollToIndex(Math.floor(index / columns)),
    grid: scroller,
  });
  const rows = useVirtualizer({
    count: Math.ceil(count / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight + GRID_GAP,
    overscan: OVERSCAN,
    initialOffset: library.scrollTop,
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
    void source.loadTo(upTo + READ_AHEAD);
  }, [source, upTo]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys come from the links in it
    <div
      ref={scroller}
      className={classes.scroller}
      onScroll={({ currentTarget }) => {
        library.scrollTop = currentTarget.scrollTop;
      }}
      onKeyDown={keys.onKeyDown}
    >
      {problem !== undefined && <StoppedReading problem={problem} />}
      {gathered > 0 && files.length === 0 && (
        <p className={classes.gathering} role="status">
          {t('library.gathering', { percent: Math.floor((100 * gathered) / Math.max(total, 1)) })}
        </p>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: rows stand between the list and its items */}
      <div role="list" aria-label={t('library.photos')} className={classes.all} style={{ height: rows.getTotalSize() }}>
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
              {Array.from({ length: Math.min(columns, count - row * columns) }, (_, column) => {
                const index = row * columns + column;
                const file = files[index];
                if (file === undefined) return <SkeletonCard key={`skeleton ${index}`} />;
                return (
                  <FileCard
                    key={file.id}
                    file={file}
                    index={index}
                    count={count}
                    isActive={keys.active === index}
                    upload={uploads.get(file.id)}
                  />
                );
              })}
            </div>
          ))}
      </div>
    </div>
  );
}

/** Uploads of this page that have not ended well, by the files that they are to become. */
function useOpenUploads() {
  const all = useStore(useUploads().store, ({ uploads }) => uploads);
  return useMemo(
    () => new Map(all.filter(({ state }) => state !== 'done').flatMap((one) => (one.file ? [[one.file.id, one]] : []))),
    [all],
  );
}
