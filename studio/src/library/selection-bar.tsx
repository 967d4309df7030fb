import { Button, CloseButton } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ExportPhotos } from '../take-away/export-photos.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { isTyping } from './library-bar.tsx';
import { useLibrary } from './library-context.ts';
import classes from './library-screen.module.css';
import { NO_SELECTION } from './selection.ts';

/** What can be done with the selected files; nothing while none is selected. */
export function SelectionBar() {
  const { t, i18n } = useTranslation();
  const { library, source } = useLibrary();
  const ids = useStore(library.selection, (selection) => selection.ids);
  const [isDeleting, setIsDeleting] = useState(false);
  useEffect(() => {
    const act = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector('[role=dialog]') !== null) return;
      if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void selectAll();
      }
      if (event.key === 'Delete' && library.selection.getState().ids.size > 0) setIsDeleting(true);
      if (event.key === 'Escape') library.selection.setState(NO_SELECTION, true);
    };
    const selectAll = async () => {
      await source.loadTo(Number.POSITIVE_INFINITY);
      const { files } = source.store.getState();
      library.selection.setState({ ids: new Set(files.map(({ id }) => id)) }, true);
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  }, [library, source]);
  const count = ids.size;
  const shown = new Intl.NumberFormat(i18n.language).format(count);
  return (
    <>
      {count > 0 && (
        <div className={classes.selection} role="toolbar" aria-label={t('library.selection')}>
          <CloseButton
            aria-label={t('library.clearSelection')}
            onClick={() => library.selection.setState(NO_SELECTION, true)}
          />
          <span role="status" className={classes.selected}>
            {t('library.selected', { count, shown })}
          </span>
          <ExportPhotos fileIds={[...ids]} />
          <Button
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setIsDeleting(true)}
          >
            {t('library.delete')}
          </Button>
        </div>
      )}
      {isDeleting && <DeleteDialog close={() => setIsDeleting(false)} />}
    </>
  );
}
