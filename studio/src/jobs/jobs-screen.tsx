import { Badge, Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FileThumbnail } from '../api/file-thumbnail.tsx';
import { goTo, useHashQuery } from '../shell/hash-location.ts';
import { Trouble } from '../shell/trouble.tsx';
import { addressOfPrompt, fileOf, type Job, type JobStatus, STATUSES } from './job-list.ts';
import classes from './jobs-screen.module.css';
import { useJobs } from './use-jobs.ts';

const COLOURS = { Queued: 'gray', Running: 'accent', Completed: 'green', Failed: 'red' } as const;

/** Screen of all jobs: what waits, what runs, what failed and why, and the way back to the photo with that prompt. */
export function JobsScreen() {
  const { t } = useTranslation();
  const query = useHashQuery();
  const status = STATUSES.find((name) => name === query.get('status'));
  const fileId = Number(query.get('fileId')) || undefined;
  const { jobs, files, remove } = useJobs({ status, fileId });
  const show = (change: { status?: JobStatus; fileId?: number }) => {
    const next = new URLSearchParams();
    const merged = { status, fileId, ...change };
    for (const [name, value] of Object.entries(merged)) if (value !== undefined) next.set(name, String(value));
    goTo(next.size > 0 ? `/jobs?${next}` : '/jobs', { replace: true });
  };
  const all = jobs.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <main className={classes.screen}>
      <div className={classes.bar}>
        <h1>{t('shell.jobs')}</h1>
        {fileId !== undefined && (
          <Button variant="default" size="xs" onClick={() => show({ fileId: undefined })}>
            {t('jobs.allPhotos')}
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label={t('jobs.filter')}
          value={status ?? 'all'}
          onChange={(value) => show({ status: STATUSES.find((name) => name === value) })}
          data={[
            { value: 'all', label: t('jobs.all') },
            ...STATUSES.map((value) => ({ value, label: t(`jobs.status.${value}`) })),
          ]}
        />
      </div>
      {jobs.isError && <Trouble error={jobs.error} retry={() => void jobs.refetch()} />}
      {remove.isError && <Trouble error={remove.error} />}
      {jobs.isPending && <Skeleton height={240} />}
      {jobs.isSuccess && all.length === 0 && <p className={classes.empty}>{t(status ? 'jobs.noneOf' : 'jobs.none')}</p>}
      {all.length > 0 && (
        <ul className={classes.list} aria-live="off">
          {all.map((job) => (
            <JobRow
              key={job.jobId}
              job={job}
              fileId={fileOf(job) ?? files.get(job.jobId)}
              onDelete={() => remove.mutate(job.jobId)}
              onOnlyThis={(id) => show({ fileId: id })}
            />
          ))}
        </ul>
      )}
      {jobs.hasNextPage && (
        <Button variant="default" loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
          {t('jobs.more')}
        </Button>
      )}
    </main>
  );
}

function JobRow({
  job,
  fileId,
  onDelete,
  onOnlyThis,
}: {
  job: Job;
  fileId: number | undefined;
  onDelete(): void;
  onOnlyThis(fileId: number): void;
}) {
  const { t, i18n } = useTranslation();
  const { status, jobId, createdTime, startTime, statusTime, errorMessage, prompt } = job;
  const hasEnded = status === 'Completed' || status === 'Failed';
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(createdTime);
  const seconds = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
  const took = startTime === null || !hasEnded ? undefined : seconds.format((statusTime - createdTime) / 1000);
  const scores = (job.items[0]?.segments ?? []).map(({ score }) => score.toFixed(2)).join(', ');
  const address = fileId === undefined ? undefined : addressOfPrompt(fileId, job);
  return (
    <li className={classes.job} data-testid="job" data-status={status} data-job={jobId}>
      <a className={classes.photo} href={address} aria-label={t('jobs.open')}>
        {fileId !== undefined && <FileThumbnail fileId={fileId} width={128} height={48} />}
      </a>
      <div className={classes.what}>
        <Badge color={COLOURS[status]} variant="light" c="var(--mantine-color-text)">
          {t(`jobs.status.${status}`)}
        </Badge>
        <span>
          {t('jobs.prompt', { count: prompt.points?.length ?? 0 })}
          {prompt.boundingBox !== undefined && ` ${t('jobs.withBox')}`}
        </span>
      </div>
      <time className={classes.time} dateTime={new Date(createdTime).toISOString()}>
        {time}
        {took !== undefined && ` · ${t('jobs.took', { seconds: took })}`}
      </time>
      <p className={status === 'Failed' ? `${classes.why} ${classes.failed}` : classes.why}>
        {errorMessage ?? (scores === '' ? (hasEnded ? t('jobs.nothing') : '') : t('jobs.scores', { scores }))}
      </p>
      <div className={classes.act}>
        {address !== undefined && (
          <Button component="a" href={address} variant="subtle" size="compact-sm">
            {t('jobs.open')}
          </Button>
        )}
        {fileId !== undefined && (
          <Button variant="subtle" size="compact-sm" onClick={() => onOnlyThis(fileId)}>
            {t('jobs.onlyThis')}
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" color={hasEnded ? 'gray' : 'red'} onClick={onDelete}>
          {t(hasEnded ? 'jobs.erase' : 'jobs.cancel')}
        </Button>
      </div>
    </li>
  );
}
