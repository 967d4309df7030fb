import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { isOpen, type Upload } from './upload.ts';
import { UploadLine } from './upload-line.tsx';
import { useUploads } from './uploads-context.tsx';
import classes from './uploads-panel.module.css';

/** Most lines of one kind that are drawn; the others are counted. */
const MOST_LINES = 50;
/** Milliseconds that the panel stays when all has gone well: the photos themselves are in the library. */
const STAYS_MS = 6000;

/** Progress of all uploads, above whatever screen is shown; nothing while there are none. */
export function UploadsPanel() {
  const { t } = useTranslation();
  const { store, retryAll, cancelAll, clear } = useUploads();
  const uploads = useStore(store, (state) => state.uploads);
  const [path] = useLocation();
  const [chosen, setChosen] = useState<boolean>();
  // On a photo it would hide what is worked on.
  const isFolded = chosen ?? path !== '/';
  const { open, failed, done } = useMemo(() => sortOut(uploads), [uploads]);
  const hasEndedWell = open.length === 0 && failed.length === 0 && done.length > 0;
  useEffect(() => {
    if (!hasEndedWell) return;
    const timer = setTimeout(clear, STAYS_MS);
    return () => clearTimeout(timer);
  }, [hasEndedWell, clear]);
  if (uploads.length === 0) return null;
  const sum = (of: (upload: Upload) => number) => uploads.reduce((bytes, upload) => bytes + of(upload), 0);
  const share =
    (100 * sum(({ sentBytes }) => sentBytes)) /
    Math.max(
      1,
      sum(({ content }) => content.size),
    );
  const title =
    open.length > 0
      ? t('uploads.running', { done: done.length, count: uploads.length })
      : failed.length > 0
        ? t('uploads.endedWithFailures', { count: failed.length, done: done.length })
        : t('uploads.ended', { count: done.length });
  const Chevron = isFolded ? IconChevronUp : IconChevronDown;
  return (
    <section className={classes.panel} aria-label={t('uploads.title')} data-testid="uploads">
      <header className={classes.head}>
        <span className={classes.title} role="status">
          {title}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t(isFolded ? 'uploads.unfold' : 'uploads.fold')}
          aria-expanded={!isFolded}
          onClick={() => setChosen(!isFolded)}
        >
          <Chevron size={16} />
        </ActionIcon>
        {open.length === 0 && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('uploads.close')} onClick={clear}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </header>
      {isFolded && open.length > 0 && <Progress value={share} size={4} aria-label={t('uploads.title')} />}
      {!isFolded && (
        <ul className={classes.lines}>
          {[failed, open, done].map((some) =>
            some.slice(0, MOST_LINES).map((upload) => <UploadLine key={upload.id} upload={upload} />),
          )}
        </ul>
      )}
      {!isFolded && (open.length > 1 || failed.some(({ state }) => state === 'failed')) && (
        <footer className={classes.foot}>
          {failed.some(({ state }) => state === 'failed') && (
            <Button size="compact-sm" variant="light" onClick={retryAll}>
              {t('uploads.retryAll')}
            </Button>
          )}
          {open.length > 1 && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={cancelAll}>
              {t('uploads.cancelAll', { count: open.length })}
            </Button>
          )}
        </footer>
      )}
    </section>
  );
}

/** Uploads by what a person wants to see first; the last that were done before the others. */
function sortOut(uploads: readonly Upload[]) {
  const failed = uploads.filter(({ state }) => state === 'failed' || state === 'refused');
  const open = uploads.filter(isOpen);
  const done = uploads.filter(({ state }) => state === 'done').reverse();
  return { open: [...open.filter(isRunning), ...open.filter((upload) => !isRunning(upload))], failed, done };
}

const isRunning = ({ state }: Upload) => state !== 'waiting';
