import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { formatTime } from '../library/format-file.ts';
import { countVertices, outlineOf } from '../objects/photo-object.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import type { Saver } from '../photo/create-saver.ts';
import { Dialog } from '../shell/dialog.tsx';
import { asSaved, lastAuthor, toSaved } from './annotation.ts';
import { AnnotationPicture, type DrawnAnnotation } from './annotation-picture.tsx';
import { closeUpsOf } from './close-ups.ts';
import classes from './conflict-dialog.module.css';

const ASPECT = 4 / 3;

/** Shows what an object is here beside what somebody else has made of it, and asks which of them counts, or both. */
export function ConflictDialog({
  fileId,
  id,
  store,
  saver,
  close,
}: {
  fileId: number;
  /** Id of the object; undefined while none is compared. */
  id: string | undefined;
  store: PhotoStore;
  saver: Saver;
  close(): void;
}) {
  const { t, i18n } = useTranslation();
  const theirs = useStore(saver, ({ conflicts }) => (id === undefined ? undefined : conflicts.get(id)));
  const mine = useStore(store, ({ history }) => history.present.objects.find((object) => object.id === id));
  const outline = mine && outlineOf(mine);
  if (id === undefined || theirs === undefined || mine === undefined || outline === undefined) return null;
  const decide = (act: () => void) => {
    act();
    saver.meet(id, undefined);
    close();
  };
  const saved = toSaved(theirs);
  const keepMine = () => {
    store.actions.settle(id, { annotation: saved });
    saver.save([id]);
  };
  const takeTheirs = () => {
    store.actions.settle(id, { annotation: saved });
    store.actions.replace(id, asSaved(theirs));
  };
  const keepBoth = () => {
    const copy = crypto.randomUUID();
    store.actions.add({ ...mine, id: copy, annotation: undefined, jobId: undefined });
    takeTheirs();
    saver.save([copy]);
  };
  const { label, data, rings, annotatedResourceId } = theirs;
  const when = formatTime(theirs.lastUpdatedTime, i18n.language);
  return (
    <Dialog title={t('annotations.conflictTitle')} size="lg" close={close}>
      <p className={classes.what}>{t('annotations.conflict')}</p>
      <div className={classes.both}>
        <Side
          title={t('annotations.mine')}
          annotation={{ annotatedResourceId: fileId, data: {}, rings: outline.parts, label: mine.label ?? null }}
          more={t('annotations.vertices', { count: countVertices(outline) })}
        >
          <Button data-testid="keep-mine" onClick={() => decide(keepMine)}>
            {t('annotations.keepMine')}
          </Button>
        </Side>
        <Side
          title={t('annotations.theirs')}
          annotation={{ annotatedResourceId, data, rings, label }}
          more={`${lastAuthor(theirs) ?? t('annotations.someone')} · ${when}`}
        >
          <Button variant="default" data-testid="take-theirs" onClick={() => decide(takeTheirs)}>
            {t('annotations.takeTheirs')}
          </Button>
        </Side>
      </div>
      <Button variant="subtle" fullWidth data-testid="keep-both" onClick={() => decide(keepBoth)}>
        {t('annotations.keepBoth')}
      </Button>
    </Dialog>
  );
}

function Side({
  title,
  annotation,
  more,
  children,
}: {
  title: string;
  annotation: DrawnAnnotation;
  more: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const pictures = closeUpsOf(useApi());
  return (
    <section className={classes.side} aria-label={title}>
      <div className={classes.picture}>
        <AnnotationPicture annotation={annotation} pictures={pictures} aspect={ASPECT} isCutOut />
      </div>
      <h3>
        {title}: {annotation.label ?? t('photo.unnamed')}
      </h3>
      <small>{more}</small>
      {children}
    </section>
  );
}
