import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { libraryOf } from '../library/create-library.ts';
import type { LibraryFile } from '../library/library-file.ts';
import { countKept } from '../objects/photo-keeper.ts';
import { warmerOf } from './create-warmer.ts';
import classes from './film-strip.module.css';

/** Room of a picture with its gap, in CSS pixels. */
const STEP = 92;

/** The photos beside the open one, in the order of the library. */
export function FilmStrip({ files, place }: { files: readonly LibraryFile[]; place: number }) {
  const { t } = useTranslation();
  const api = useApi();
  const scroller = useRef<HTMLElement>(null);
  const ready = useStore(warmerOf(api).ready);
  const cells = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => STEP,
    horizontal: true,
    overscan: 4,
    paddingStart: 12,
    paddingEnd: 12,
  });
  useEffect(() => {
    if (place >= 0) cells.scrollToIndex(place, { align: 'center' });
  }, [place, cells]);
  const shown = cells.getVirtualItems();
  const ids = shown.flatMap(({ index }) => files[index]?.id ?? []);
  const counts = useQuery({
    queryKey: ['kept-counts', api.project, ids],
    queryFn: () => countKept(api.project, ids),
    networkMode: 'always',
    placeholderData: (before) => before,
    retry: false,
  });
  return (
    <nav ref={scroller} className={classes.film} aria-label={t('photo.neighbours')}>
      <ul style={{ width: cells.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const file = files[index];
          if (file === undefined) return null;
          const count = counts.data?.get(file.id);
          const isOpen = index === place;
          return (
            <li key={file.id} style={{ transform: `translateX(${start}px)` }}>
              <a
                href={`#/photo/${file.id}`}
                className={classes.cell}
                aria-current={isOpen ? 'page' : undefined}
                title={file.name}
              >
                <VisuallyHidden>{file.name}</VisuallyHidden>
                <Picture file={file} />
                {!isOpen && count !== undefined ? (
                  <em title={t('photo.keptHere', { count: count.objects })}>
                    {count.objects} {count.unsaved === 0 ? '✓' : '•'}
                  </em>
                ) : (
                  !isOpen && ready.has(file.id) && <em>{t('photo.ready')}</em>
                )}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Picture({ file }: { file: LibraryFile }) {
  const { thumbnails } = libraryOf(useApi());
  const { id, uploadedTime } = file;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a picture changes with the upload alone
  const watch = useCallback((changed: () => void) => thumbnails.watch(file, changed), [thumbnails, id, uploadedTime]);
  const { url, problem } = useSyncExternalStore(watch, () => thumbnails.get(file));
  if (url === undefined) return <span className={classes.none}>{problem !== undefined && '!'}</span>;
  return <img src={url} alt="" draggable={false} />;
}
