import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../sign-in/session-context.ts';
import classes from './health-screen.module.css';
import { LineChart } from './line-chart.tsx';
import { useHealth, useJobCounts } from './use-health.ts';

/** Parts of the server that have a sentence of their own. */
const KNOWN_PARTS = ['database', 'store', 'engine'] as const;

/** Screen of how the server does, in words and small charts. */
export function HealthScreen() {
  const { t, i18n } = useTranslation();
  const { config } = useSession();
  const { look, looks } = useHealth();
  const counts = useJobCounts();
  const readiness = look.data?.readiness;
  const isReady = !look.isError && readiness?.status === 'ready';
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  const answers = useMemo(() => looks.map(({ time, ms }) => ({ time, value: ms })), [looks]);
  const jobs = useMemo(
    () =>
      (counts.data?.completed ?? [])
        .map(({ statusTime, createdTime }) => ({ time: statusTime, value: statusTime - createdTime }))
        .sort((one, other) => one.time - other.time),
    [counts.data],
  );
  const partName = (part: string) => {
    const known = KNOWN_PARTS.find((name) => name === part);
    return known === undefined ? part : t(`health.part.${known}`);
  };
  const verdict = look.isError ? 'away' : readiness === undefined ? 'asking' : isReady ? 'ready' : 'notReady';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and it has to be scrolled by keys
    <main className={classes.screen} tabIndex={0}>
      <h1>{t('shell.health')}</h1>
      <p className={classes.verdict} role="status" data-testid="verdict" data-ready={isReady}>
        <span className={classes.dot} data-ready={isReady} aria-hidden />
        {t(`health.${verdict}`)}
      </p>
      <div className={classes.grid}>
        <section className={classes.card}>
          <h2>{t('health.parts')}</h2>
          <dl>
            {Object.entries(readiness?.parts ?? {}).map(([part, state]) => (
              <Row key={part} name={partName(part)} value={t(state === 'ready' ? 'health.works' : 'health.fails')} />
            ))}
          </dl>
        </section>
        <section className={classes.card}>
          <h2>{t('health.engine')}</h2>
          <dl>
            <Row name={t('health.model')} value={readiness?.engine?.model ?? '–'} />
            <Row name={t('health.precision')} value={readiness?.engine?.precision ?? '–'} />
            <Row name={t('health.provider')} value={readiness?.engine?.provider ?? '–'} />
            <Row name={t('health.version')} value={config.version} />
          </dl>
        </section>
        <section className={classes.card}>
          <h2>{t('health.jobs')}</h2>
          <dl>
            <Row name={t('health.waiting')} value={number.format(counts.data?.queued ?? 0)} />
            <Row name={t('health.running')} value={number.format(counts.data?.running ?? 0)} />
            <Row name={t('health.completed')} value={number.format(counts.data?.completed.length ?? 0)} />
            <Row name={t('health.failed')} value={number.format(counts.data?.failed ?? 0)} />
          </dl>
        </section>
        <section className={classes.card}>
          <h2>{t('health.answers')}</h2>
          <LineChart values={answers} unit="ms" label={t('health.answers')} />
        </section>
        <section className={classes.card}>
          <h2>{t('health.jobTimes')}</h2>
          {jobs.length === 0 ? (
            <p>{t('health.noJobs')}</p>
          ) : (
            <LineChart values={jobs} unit="ms" label={t('health.jobTimes')} />
          )}
        </section>
      </div>
    </main>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
