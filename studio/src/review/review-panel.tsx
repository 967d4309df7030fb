import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconTag, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Annotation, partsOf } from '../annotations/annotation.ts';
import { AnnotationPicture } from '../annotations/annotation-picture.tsx';
import { HistoryList } from '../annotations/history-list.tsx';
import { StatusMark } from '../annotations/status-mark.tsx';
import { formatTime } from '../library/format-file.ts';
import { ASPECT } from './review-card.tsx';
import { useReview } from './review-context.ts';
import classes from './review-panel.module.css';

/** Milliseconds that somebody looks at an annotation before its history is read. */
const LOOKED_AT_MS = 250;

/** The annotation that is looked at: large, with who made what of it when, and what can be done with it. */
export function ReviewPanel() {
  const { t } = useTranslation();
  const { review } = useReview();
  const currentId = useStore(review.focus, (focus) => focus.currentId);
  const item = useStore(review.source.store, ({ items }) => items.find(({ id }) => id === currentId));
  return (
    <aside className={classes.panel} aria-label={t('review.current')}>
      {item !== undefined && <Current item={item} />}
    </aside>
  );
}

function Current({ item }: { item: Annotation }) {
  const { t } = useTranslation();
  const { acts, pictures, isCutOut, askLabel } = useReview();
  const { id, annotatedResourceId: fileId, label, status, fileName } = item;
  const decision = (to: 'approved' | 'rejected', text: string, key: string) => (
    <Button
      size="compact-sm"
      variant={status === to ? 'light' : 'default'}
      aria-pressed={status === to}
      data-testid={`set-${to}`}
      rightSection={<kbd aria-hidden>{key}</kbd>}
      onClick={() => {
        acts.clear();
        acts.decide({ status: to });
      }}
    >
      {text}
    </Button>
  );
  return (
    <>
      <div className={classes.picture}>
        <AnnotationPicture annotation={item} pictures={pictures} aspect={ASPECT} isCutOut={isCutOut} />
      </div>
      <div className={classes.head}>
        <h2 data-testid="review-label">{label ?? t('review.noLabel')}</h2>
        <StatusMark status={status} />
        <span className={classes.steps}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('review.previous')} onClick={() => acts.move(-1)}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t('review.next')} onClick={() => acts.move(1)}>
            <IconChevronRight size={18} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('review.deleteOne')}
            onClick={() => {
              acts.clear();
              acts.delete();
            }}
          >
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </span>
      </div>
      <div className={classes.acts}>
        {decision('approved', t('review.approve'), 'A')}
        {decision('rejected', t('review.reject'), 'R')}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTag size={14} aria-hidden />}
          onClick={() => {
            acts.clear();
            askLabel();
          }}
        >
          {t('review.changeLabel')}
        </Button>
      </div>
      <div className={classes.more}>
        <a className={classes.photo} href={`#/photo/${fileId}`}>
          {fileName ?? t('review.openPhoto')}
        </a>
        <Facts item={item} />
        <LateHistory key={id} item={item} />
      </div>
    </>
  );
}

function Facts({ item }: { item: Annotation }) {
  const { t, i18n } = useTranslation();
  const { createdBy, creatingUser, createdTime, updatedBy, lastUpdatedTime, creatingApp, data, byHand } = item;
  const vertices = partsOf(item).reduce((sum, rings) => sum + rings.reduce((all, ring) => all + ring.length, 0), 0);
  const who = (name: string | null | undefined) => (name ? `${name} · ` : '');
  const facts = [
    [t('review.made'), `${who(creatingUser ?? createdBy)}${formatTime(createdTime, i18n.language)}`],
    lastUpdatedTime === createdTime
      ? undefined
      : [t('review.changed'), `${who(updatedBy)}${formatTime(lastUpdatedTime, i18n.language)}`],
    [t('review.with'), creatingApp],
    typeof data.confidence === 'number' ? [t('review.score'), data.confidence.toFixed(2)] : undefined,
    vertices > 0
      ? [t('review.outline'), `${t('review.vertices', { count: vertices })}${byHand ? `, ${t('review.byHand')}` : ''}`]
      : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The history of an annotation, once somebody stays with it. */
function LateHistory({ item }: { item: Annotation }) {
  const { canRestore } = useReview();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LOOKED_AT_MS);
    return () => clearTimeout(timer);
  }, []);
  return canRestore && isLate ? <HistoryList annotation={item} /> : null;
}
