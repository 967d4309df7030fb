import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { lastAuthor } from '../annotations/annotation.ts';
import { isNotOffered } from '../annotations/meet-refusal.ts';
import { ApiError } from '../api/api-error.ts';
import { isUnsaved } from '../objects/photo-object.ts';
import classes from './photo-notices.module.css';
import type { useOpenPhoto } from './use-open-photo.ts';

type OpenPhoto = ReturnType<typeof useOpenPhoto>;

/** What is wrong with a photo that cannot be shown, and what to do. */
export function PhotoTrouble({ error, isGone, retry }: { error: Error; isGone: boolean; retry(): void }) {
  const { t } = useTranslation();
  const status = error instanceof ApiError ? error.status : undefined;
  const kind = status === 403 ? 'forbidden' : isGone ? 'gone' : status === 400 ? 'broken' : 'other';
  return (
    <div className={classes.trouble} role="alert">
      <h2>{t(`photo.trouble.${kind}`)}</h2>
      {(kind === 'broken' || kind === 'other') && <p>{error.message}</p>}
      <p>{t(`photo.trouble.${kind}Help`)}</p>
      <div>
        {kind === 'other' && (
          <Button size="xs" onClick={retry}>
            {t('shell.tryAgain')}
          </Button>
        )}
        <Button component="a" href="#/" size="xs" variant="default">
          {t('photo.toLibrary')}
        </Button>
      </div>
    </div>
  );
}

/** What the person should know while they go on: of everything, the weightiest. */
export function PhotoNotices({ photo, onCompare }: { photo: OpenPhoto; onCompare(id: string): void }) {
  const { t } = useTranslation();
  const { store, saver, deleter, annotations, kept, error, isGone, picture } = photo;
  const problem = useStore(store, (state) => state.problem);
  const askedAgainAt = useStore(store, (state) => state.asksAgainAt);
  const { failures, conflicts, waitsUntil } = useStore(saver);
  const deletion = useStore(deleter);
  const unsaved = useStore(store, ({ history }) => history.present.objects.filter(isUnsaved).length);
  const askSeconds = useSecondsTo(askedAgainAt);
  const saveSeconds = useSecondsTo(waitsUntil);

  if (isGone && picture.data !== undefined) {
    const isForbidden = error instanceof ApiError && error.status === 403;
    return <Notice isGrave>{t(isForbidden ? 'photo.forbiddenNow' : 'photo.goneNow', { count: unsaved })}</Notice>;
  }
  if (kept.isReplaced) {
    return (
      <Notice isGrave>
        <span>{t('photo.replaced')}</span>
        <Button size="compact-sm" onClick={kept.accept}>
          {t('photo.keepThem')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            store.actions.removeAll();
            kept.accept();
          }}
        >
          {t('photo.deleteThem')}
        </Button>
      </Notice>
    );
  }
  const [conflict] = conflicts.entries();
  if (conflict !== undefined) {
    const [id, theirs] = conflict;
    return (
      <Notice isGrave>
        <span>
          {t('annotations.changedMeanwhile', {
            count: conflicts.size,
            label: theirs.label ?? '',
            name: lastAuthor(theirs) ?? t('annotations.someone'),
          })}
        </span>
        <Button size="compact-sm" data-testid="compare" onClick={() => onCompare(id)}>
          {t('annotations.look')}
        </Button>
      </Notice>
    );
  }
  if (deletion.reason !== undefined) {
    return (
      <Notice isGrave>
        <span>
          {t('annotations.notDeleted', { count: deletion.failed.length })} {deletion.reason.message}
        </span>
        {deletion.failed.length > 0 && (
          <Button size="compact-sm" onClick={deleter.retry}>
            {t('shell.tryAgain')}
          </Button>
        )}
      </Notice>
    );
  }
  const [failed] = failures.entries();
  if (failed !== undefined) {
    const [, reason] = failed;
    const isAway = reason instanceof ApiError && reason.status === 0;
    return (
      <Notice isGrave>
        <span>
          {t('photo.notSaved', { count: failures.size })}{' '}
          {isAway ? t('photo.serverAway') : reason.message || t('photo.jobFailed')} {t('photo.keptHereLong')}
        </span>
        <Button size="compact-sm" onClick={() => saver.save([...failures.keys()])}>
          {t('photo.retrySaving')}
        </Button>
      </Notice>
    );
  }
  if (saveSeconds !== undefined) return <Notice>{t('photo.saveWaits', { seconds: saveSeconds })}</Notice>;
  if (problem !== undefined) {
    const isAway = problem instanceof ApiError && problem.status === 0;
    if (askSeconds !== undefined) {
      return <Notice>{t(isAway ? 'photo.awaySeconds' : 'photo.busySeconds', { seconds: askSeconds })}</Notice>;
    }
    return (
      <Notice isGrave>
        <span>{problem.message}</span>
        <Button size="compact-sm" variant="default" onClick={() => store.actions.askAgain()}>
          {t('shell.tryAgain')}
        </Button>
      </Notice>
    );
  }
  if (annotations.isError && !isNotOffered(annotations.error)) {
    return (
      <Notice>
        <span>
          {t('annotations.notRead')} {annotations.error.message}
        </span>
        <Button size="compact-sm" variant="default" onClick={() => void annotations.refetch()}>
          {t('shell.tryAgain')}
        </Button>
      </Notice>
    );
  }
  if (kept.problem !== undefined && unsaved > 0) return <Notice isGrave>{t('photo.keepsNothing')}</Notice>;
  return null;
}

function Notice({ children, isGrave = false }: { children: ReactNode; isGrave?: boolean }) {
  return (
    <div
      className={classes.notice}
      data-grave={isGrave || undefined}
      role={isGrave ? 'alert' : 'status'}
      data-testid="photo-notice"
    >
      {children}
    </div>
  );
}

/** Whole seconds until a time, counted down; undefined where there is none, or it is over. */
function useSecondsTo(time: number | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  if (time === undefined) return undefined;
  return Math.max(Math.ceil((time - now) / 1000), 0);
}
