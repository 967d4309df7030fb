import { VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { useHashQuery } from '../shell/hash-location.ts';
import { InHeader } from '../shell/header-slots.tsx';
import { DropZone } from '../uploads/drop-zone.tsx';
import { UploadButton } from '../uploads/upload-button.tsx';
import { libraryOf } from './create-library.ts';
import { FileGrid } from './file-grid.tsx';
import { LibraryBar } from './library-bar.tsx';
import { LibraryContext } from './library-context.ts';
import { SAMPLE_ID } from './library-file.ts';
import { readLibraryQuery, showsAll } from './library-query.ts';
import classes from './library-screen.module.css';
import { NothingFound, SourceProblem } from './library-states.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useFreshFiles } from './use-fresh-files.ts';
import { Welcome } from './welcome.tsx';

/** Screen of all photos: search, filters, the grid, and what can be done with those selected. */
export function LibraryScreen() {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const address = useHashQuery().toString();
  const query = useMemo(() => readLibraryQuery(new URLSearchParams(address)), [address]);
  const library = libraryOf(api);
  const source = useMemo(() => library.open(query, i18n.language), [library, query, i18n.language]);
  const shown = useMemo(() => ({ library, source }), [library, source]);
  useFreshFiles(library, source);

  const { files, total, ended, problem } = useStore(source.store);
  const only = ended && files.length === 1 ? files[0] : undefined;
  const sample = only?.externalId === SAMPLE_ID ? only : undefined;
  const isFresh = showsAll(query) && total !== undefined && ended && (files.length === 0 || sample !== undefined);
  return (
    <LibraryContext value={shown}>
      <InHeader at="end">
        <UploadButton />
      </InHeader>
      <DropZone>
        <main className={classes.screen}>
          {!isFresh && (
            <div className={classes.bars}>
              <VisuallyHidden component="h1">{t('library.photos')}</VisuallyHidden>
              <LibraryBar query={query} />
              <SelectionBar />
            </div>
          )}
          {isFresh ? (
            <Welcome sample={sample} />
          ) : problem !== undefined && files.length === 0 ? (
            <SourceProblem problem={problem} />
          ) : ended && files.length === 0 ? (
            <NothingFound />
          ) : (
            <FileGrid key={address} />
          )}
        </main>
      </DropZone>
    </LibraryContext>
  );
}
