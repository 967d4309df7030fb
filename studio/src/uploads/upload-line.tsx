import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../library/format-file.ts';
import { describeUploadProblem } from './describe-problem.ts';
import { isOpen, msLeft, type Upload } from './upload.ts';
import { useUploads } from './uploads-context.tsx';
import classes from './uploads-panel.module.css';

/** One upload: its name, how far it has come or why it has not, and what can be done. */
export function UploadLine({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  const { retry, cancel } = useUploads();
  const { id, name, state, content, sentBytes, file } = upload;
  const problem = describeUploadProblem(t, upload);
  const percent = Math.floor((100 * sentBytes) / Math.max(1, content.size));
  const left = msLeft(upload);
  const size = formatBytes(content.size, i18n.language);
  return (
    <li className={classes.line} data-testid="upload-item" data-state={state}>
      <div className={classes.about}>
        {state === 'done' && file !== undefined ? (
          <a className={classes.name} href={`#/photo/${file.id}`} title={name}>
            <bdi>{name}</bdi>
          </a>
        ) : (
          <span className={classes.name} title={name}>
            <bdi>{name}</bdi>
          </span>
        )}
        {problem !== undefined && (
          <span
            className={state === 'busy' ? classes.quiet : classes.problem}
            role={state === 'busy' ? undefined : 'alert'}
          >
            {problem}
          </span>
        )}
        {problem === undefined && (
          <span className={classes.quiet}>
            {state === 'waiting' && t('uploads.waiting', { size })}
            {state === 'done' && size}
            {state === 'sending' && t('uploads.sent', { percent, size })}
            {state === 'sending' && left !== undefined && ` · ${formatSeconds(left, i18n.language)}`}
          </span>
        )}
        {state === 'sending' && <Progress value={percent} size={3} aria-label={t('uploads.progressOf', { name })} />}
      </div>
      {(state === 'failed' || state === 'busy') && (
        <Button size="compact-sm" variant="light" onClick={() => retry(id)}>
          {t('uploads.retry')}
        </Button>
      )}
      {state === 'done' ? (
        <IconCheck size={16} className={classes.done} role="img" aria-label={t('uploads.done')} />
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t(isOpen(upload) ? 'uploads.cancel' : 'uploads.forget', { name })}
          onClick={() => cancel(id)}
        >
          <IconX size={14} />
        </ActionIcon>
      )}
    </li>
  );
}

const formatSeconds = (ms: number, locale: string) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(Math.ceil(ms / 1000));
