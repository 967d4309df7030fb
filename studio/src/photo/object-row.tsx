import { ActionIcon, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsDiff,
  IconCheck,
  IconEye,
  IconEyeOff,
  IconLoader2,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconPointFilled,
  IconTrash,
} from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../annotations/annotation.ts';
import { StatusMark } from '../annotations/status-mark.tsx';
import { colourOf } from '../objects/colours.ts';
import { countVertices, isSaved, isUnsaved, outlineOf, type PhotoObject } from '../objects/photo-object.ts';
import classes from './object-row.module.css';
import type { PhotoActions } from './photo-state.ts';

/** One object in the list: what it is, how good, whether it is saved, and what can be done with it. */
export function ObjectRow({
  object,
  place,
  isActive,
  isSaving,
  failure,
  theirs,
  actions,
  onRetry,
  onCompare,
  onMove,
  onGo,
  grip,
}: {
  object: PhotoObject;
  /** Place in the order in which objects lie over each other, 0 being the lowest. */
  place: number;
  isActive: boolean;
  isSaving: boolean;
  /** Why it could not be saved. */
  failure: Error | undefined;
  /** What somebody else has made of it meanwhile. */
  theirs: Annotation | undefined;
  actions: PhotoActions;
  onRetry(): void;
  /** Shows what somebody else has made of it beside what it is here. */
  onCompare(): void;
  /** Moves it down the list by so many rows. */
  onMove(by: number): void;
  /** Moves the focus down the list by so many rows. */
  onGo(by: number): void;
  /** What moves it by touch. */
  grip: ReactNode;
}) {
  const { t } = useTranslation();
  const { id, label, hidden = false, locked = false } = object;
  const status = object.annotation?.status;
  const outline = outlineOf(object);
  const name = label ?? t('photo.unnamed');
  const figures =
    outline === undefined
      ? t(object.answered ? 'photo.nothingFound' : 'photo.waits')
      : t(object.byHand ? 'correct.figures' : 'photo.figures', {
          score: outline.score.toFixed(2),
          vertices: countVertices(outline),
        });

  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowUp: () => (event.altKey ? onMove(-1) : onGo(-1)),
      ArrowDown: () => (event.altKey ? onMove(1) : onGo(1)),
      Delete: () => actions.remove(id),
      F2: () => actions.askLabel(id),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the buttons inside
    <div
      className={classes.row}
      data-testid="object"
      data-object={id}
      data-active={isActive || undefined}
      data-hidden={hidden || undefined}
      data-by-hand={object.byHand || undefined}
      data-saved={isSaved(object) || undefined}
      data-status={object.annotation?.status}
      onKeyDown={onKeyDown}
    >
      <UnstyledButton
        className={classes.main}
        aria-pressed={isActive}
        title={t('photo.rowKeys')}
        onClick={() => actions.select(isActive ? undefined : id)}
        onDoubleClick={() => actions.askLabel(id)}
      >
        <i style={{ background: colourOf(label, place) }} />
        <span className={classes.name}>{name}</span>
        <small className={classes.figures}>
          {object.byHand && <ByHandMark />}
          {figures}
          <SaveMark object={object} isSaving={isSaving} />
          {status !== undefined && status !== 'approved' && <StatusMark status={status} isShort />}
        </small>
      </UnstyledButton>
      <span className={classes.bar}>
        {grip}
        {isActive && (
          <ActionIcon
            variant="light"
            size="md"
            data-testid="finish"
            aria-label={t('photo.finish')}
            title={t('photo.finishKey')}
            onClick={() => actions.finish()}
          >
            <IconCheck size={16} />
          </ActionIcon>
        )}
        {theirs !== undefined && (
          <ActionIcon
            variant="subtle"
            color="orange"
            size="md"
            aria-label={t('annotations.compare', { name })}
            onClick={onCompare}
          >
            <IconArrowsDiff size={16} />
          </ActionIcon>
        )}
        {failure !== undefined && (
          <Tooltip label={`${failure.message || t('photo.jobFailed')} ${t('photo.retryHint')}`} multiline maw={320}>
            <ActionIcon
              variant="subtle"
              color="red"
              size="md"
              aria-label={t('photo.retry', { name })}
              onClick={onRetry}
            >
              <IconAlertTriangle size={16} />
            </ActionIcon>
          </Tooltip>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={t(hidden ? 'photo.show' : 'photo.hide', { name })}
          onClick={() => actions.change(id, { hidden: !hidden })}
        >
          {hidden ? <IconEyeOff size={16} /> : <IconEye size={16} stroke={1.6} />}
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={t(locked ? 'photo.unlock' : 'photo.lock', { name })}
          onClick={() => actions.change(id, { locked: !locked })}
        >
          {locked ? <IconLock size={16} /> : <IconLockOpen size={16} stroke={1.6} />}
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={t('photo.delete', { name })}
          disabled={locked}
          onClick={() => actions.remove(id)}
        >
          <IconTrash size={16} stroke={1.6} />
        </ActionIcon>
      </span>
    </div>
  );
}

/** Says that an outline was changed by hand. */
function ByHandMark() {
  const { t } = useTranslation();
  return (
    <span title={t('correct.byHand')}>
      <IconPencil size={12} aria-hidden /> <VisuallyHidden>{t('correct.byHand')}, </VisuallyHidden>
    </span>
  );
}

function SaveMark({ object, isSaving }: { object: PhotoObject; isSaving: boolean }) {
  const { t } = useTranslation();
  const isFresh = isUnsaved(object);
  if (!isSaving && !isFresh && !isSaved(object)) return null;
  const state = isSaving ? 'isSaving' : isFresh ? 'isUnsaved' : 'isSaved';
  const Icon = MARKS[state];
  return (
    <span className={classes.mark} data-state={state} title={t(`photo.${state}`)}>
      <Icon size={13} aria-hidden />
      <VisuallyHidden>, {t(`photo.${state}`)}</VisuallyHidden>
    </span>
  );
}

const MARKS = { isSaving: IconLoader2, isSaved: IconCheck, isUnsaved: IconPointFilled };
