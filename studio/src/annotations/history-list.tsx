import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.ts';
import type { Annotation } from './annotation.ts';
import { type AnnotationStep, readHistory } from './annotation-requests.ts';
import classes from './history-list.module.css';
import { isNotOffered } from './meet-refusal.ts';

/** What has happened to an annotation, the last change first; nothing where the server keeps no history. */
export function HistoryList({
  annotation: { id, lastUpdatedTime },
}: {
  annotation: Pick<Annotation, 'id' | 'lastUpdatedTime'>;
}) {
  const { t } = useTranslation();
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ['annotation-history', api.project, id, lastUpdatedTime],
    queryFn: ({ signal }) => readHistory(api, id, signal),
    retry: false,
  });
  if (isNotOffered(error)) return null;
  return (
    <section className={classes.history} aria-label={t('annotations.history')} data-testid="history">
      <h3>{t('annotations.history')}</h3>
      {error !== null && <p>{error.message}</p>}
      <ol>
        {data?.map((step) => (
          <Step key={`${step.time} ${step.change}`} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step: { time, by, change, status, label, isOutlineChanged } }: { step: AnnotationStep }) {
  const { t, i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const what = [
    label,
    t(`annotations.status.${status}`),
    change === 'updated' && isOutlineChanged && t('annotations.newOutline'),
  ];
  return (
    <li data-change={change}>
      <span>
        {t(`annotations.change.${change}`)}: {what.filter(Boolean).join(', ')}
      </span>
      <small>
        {by} · <time dateTime={new Date(time).toISOString()}>{format.format(time)}</time>
      </small>
    </li>
  );
}
