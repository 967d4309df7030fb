import { VisuallyHidden } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconProgressHelp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AnnotationStatus } from '../objects/photo-object.ts';
import classes from './status-mark.module.css';

const ICONS = { suggested: IconProgressHelp, approved: IconCircleCheck, rejected: IconCircleX };

/** State of an annotation: an icon, and its word beside it, or with `isShort` for screen readers and as a hint alone. */
export function StatusMark({ status, isShort = false }: { status: AnnotationStatus; isShort?: boolean }) {
  const { t } = useTranslation();
  const Icon = ICONS[status];
  const word = t(`annotations.status.${status}`);
  return (
    <span className={classes.mark} data-status={status} title={isShort ? word : undefined}>
      <Icon size={14} aria-hidden />
      {isShort ? <VisuallyHidden>{word}</VisuallyHidden> : word}
    </span>
  );
}
