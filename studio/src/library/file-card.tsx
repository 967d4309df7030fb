import { IconAlertTriangle, IconFile, IconPhoto } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Upload } from '../uploads/upload.ts';
import { CardLine } from './card-line.tsx';
import classes from './file-grid.module.css';
import { useLibrary, useThumbnail } from './library-context.ts';
import { isPhoto, type LibraryFile, SAMPLE_ID } from './library-file.ts';
import { extendTo, toggle } from './selection.ts';

/** What a card shows. */
export interface FileCardProps {
  file: LibraryFile;
  /** Place in the list, from 0, and how long the list is. */
  index: number;
  count: number;
  /** Whether the tabulator key leads to this card. */
  isActive: boolean;
  /** The upload that the file comes from, until it has ended well. */
  upload?: Upload;
}

/** One file: its picture, its name, and its state in a few words. */
export const FileCard = memo(function FileCard({ file, index, count, isActive, upload }: FileCardProps) {
  const { t } = useTranslation();
  const { library, source } = useLibrary();
  const isSelected = useStore(library.selection, ({ ids }) => ids.has(file.id));
  const anySelected = useStore(library.selection, ({ ids }) => ids.size > 0);
  const select = (extend: boolean) =>
    library.selection.setState(
      (now) => (extend ? extendTo(now, file.id, source.store.getState().files) : toggle(now, file.id)),
      true,
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows stand between the list and its items
    <div
      role="listitem"
      aria-setsize={count}
      aria-posinset={index + 1}
      className={classes.card}
      data-testid="card"
      data-index={index}
      data-file-id={file.id}
      data-selected={isSelected || undefined}
      data-selecting={anySelected || undefined}
    >
      <a
        href={`#/photo/${file.id}`}
        className={classes.link}
        tabIndex={isActive ? 0 : -1}
        draggable={false}
        data-testid={file.externalId === SAMPLE_ID ? 'sample' : undefined}
        onClick={(event) => {
          if (!event.shiftKey) return;
          event.preventDefault();
          select(true);
        }}
      >
        <div className={classes.picture}>
          {isPhoto(file) && file.uploaded ? <Picture file={file} /> : <NoPicture file={file} />}
        </div>
        <span className={classes.name} title={file.name}>
          <bdi>{file.name}</bdi>
        </span>
      </a>
      <CardLine file={file} upload={upload} />
      <input
        type="checkbox"
        className={classes.check}
        aria-label={t('library.select', { name: file.name })}
        checked={isSelected}
        tabIndex={isActive ? 0 : -1}
        onClick={(event) => {
          if (event.shiftKey) event.preventDefault();
          if (event.shiftKey) select(true);
        }}
        onChange={() => select(false)}
      />
    </div>
  );
});

function Picture({ file }: { file: LibraryFile }) {
  const { url, problem } = useThumbnail(file);
  if (problem !== undefined) return <IconAlertTriangle className={classes.broken} size={32} stroke={1.5} aria-hidden />;
  if (url === undefined) return null;
  return <img src={url} alt="" decoding="async" draggable={false} data-testid="thumbnail" />;
}

function NoPicture({ file }: { file: LibraryFile }) {
  const Icon = isPhoto(file) ? IconPhoto : IconFile;
  return <Icon className={classes.none} size={32} stroke={1.5} aria-hidden />;
}

/** The place of a file that has not been read yet. */
export function SkeletonCard() {
  return (
    <div className={classes.card} data-testid="skeleton" aria-hidden>
      <div className={classes.picture} />
      <span className={classes.bone} />
    </div>
  );
}
