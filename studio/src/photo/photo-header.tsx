import { ActionIcon, Button } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { saveChoices } from '../annotations/save-choices.ts';
import { SaveMenu } from '../annotations/save-menu.tsx';
import { isUnsaved } from '../objects/photo-object.ts';
import { InHeader } from '../shell/header-slots.tsx';
import type { PhotoStore } from './create-photo-store.ts';
import type { Saver } from './create-saver.ts';
import classes from './photo-header.module.css';

/** What belongs to a photo in the header of the page: its name, who answers, undo, redo and save. */
export function PhotoHeader({ name, store, saver }: { name: string | undefined; store: PhotoStore; saver: Saver }) {
  const { t } = useTranslation();
  const { history, place, ms, problem } = useStore(store);
  const { saving, total, done } = useStore(saver);
  const unsaved = history.present.objects.filter(isUnsaved).length;
  const isSaving = saving.size > 0;
  const status = useStore(saveChoices, (choices) => choices.status);
  return (
    <>
      <InHeader at="start">
        <nav className={classes.crumb} aria-label={t('photo.path')}>
          <a href="#/">{t('shell.library')}</a>
          <span aria-hidden>/</span>
          <h1 title={name}>{name}</h1>
        </nav>
      </InHeader>
      <InHeader at="end">
        <span className={classes.pill} title={t(`photo.${place}`)} data-trouble={problem !== undefined || undefined}>
          <i aria-hidden />
          {t(place === 'server' ? 'photo.atServer' : 'photo.inBrowser')}
          <span className={classes.ms}>{ms !== undefined && `· ${Math.round(ms)} ms`}</span>
        </span>
        <ActionIcon
          className={classes.arrow}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('photo.undo')}
          title={t('photo.undoKey')}
          disabled={history.past.length === 0}
          onClick={() => store.actions.undo()}
        >
          <IconArrowBackUp size={20} stroke={1.6} />
        </ActionIcon>
        <ActionIcon
          className={classes.arrow}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('photo.redo')}
          title={t('photo.redoKey')}
          disabled={history.future.length === 0}
          onClick={() => store.actions.redo()}
        >
          <IconArrowForwardUp size={20} stroke={1.6} />
        </ActionIcon>
        <Button.Group>
          <Button
            className={classes.save}
            data-testid="save"
            title={t('photo.saveKey')}
            disabled={unsaved === 0 || isSaving}
            aria-label={isSaving ? t('photo.savingLong', { done, total }) : t('photo.saveCount', { count: unsaved })}
            onClick={() => saver.save()}
          >
            {isSaving ? `${done} / ${total}` : t(status === 'suggested' ? 'photo.suggest' : 'photo.save')}
          </Button>
          <SaveMenu />
        </Button.Group>
      </InHeader>
    </>
  );
}
