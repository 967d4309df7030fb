import { Button, Text, Title } from '@mantine/core';
import { IconPhotoOff, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { goTo } from '../shell/hash-location.ts';
import { useLibrary } from './library-context.ts';
import classes from './library-screen.module.css';

/** Why no files are shown, and a way on. */
export function SourceProblem({ problem }: { problem: Error }) {
  const { t } = useTranslation();
  const { source } = useLibrary();
  return (
    <div className={classes.state} role="alert">
      <IconPlugConnectedX size={40} stroke={1.5} aria-hidden />
      <Title order={1} size="h3">
        {t('library.problem')}
      </Title>
      <Text>{sentenceOf(problem, t('library.noServer'), t('library.forbidden'))}</Text>
      <Button onClick={source.retry}>{t('library.retry')}</Button>
    </div>
  );
}

/** A line below the bar where reading stopped in the middle. */
export function StoppedReading({ problem }: { problem: Error }) {
  const { t } = useTranslation();
  const { source } = useLibrary();
  return (
    <div className={classes.stopped} role="alert">
      <span>{sentenceOf(problem, t('library.noServer'), t('library.forbidden'))}</span>
      <Button size="compact-sm" variant="light" onClick={source.retry}>
        {t('library.retry')}
      </Button>
    </div>
  );
}

/** Nothing matches what is searched for. */
export function NothingFound() {
  const { t } = useTranslation();
  return (
    <div className={classes.state}>
      <IconPhotoOff size={40} stroke={1.5} aria-hidden />
      <Text>{t('library.nothingFound')}</Text>
      <Button variant="light" onClick={() => goTo('/')}>
        {t('library.showAll')}
      </Button>
    </div>
  );
}

function sentenceOf(problem: Error, noServer: string, forbidden: string): string {
  if (!(problem instanceof ApiError)) return problem.message;
  if (problem.status === 0) return noServer;
  return problem.status === 403 ? forbidden : problem.message;
}
