import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../sign-in/session-context.ts';
import { readStudioConfig } from '../sign-in/studio-config.ts';
import classes from './frame.module.css';

/** How often the server is asked whether it is there; more often while it is not. */
const ASKED_EVERY_MS = 30_000;
const ASKED_AGAIN_MS = 2_000;

/**
 * Says what stands between the page and its server: that it does not answer, that the session has ended, or that it has
 * become another version than the one that the page came from. What is marked on photos stays.
 */
export function ServerNotice() {
  const { t } = useTranslation();
  const { session, config, isEnded } = useSession();
  const [offline, setOffline] = useState(!navigator.onLine);
  useEffect(() => {
    const told = () => setOffline(!navigator.onLine);
    addEventListener('online', told);
    addEventListener('offline', told);
    return () => {
      removeEventListener('online', told);
      removeEventListener('offline', told);
    };
  }, []);
  const now = useQuery({
    queryKey: ['server-version'],
    queryFn: readStudioConfig,
    refetchInterval: ({ state }) => (state.status === 'error' ? ASKED_AGAIN_MS : ASKED_EVERY_MS),
    refetchOnWindowFocus: true,
    networkMode: 'always',
    retry: false,
  });
  if (isEnded) {
    return <Notice text={t('shell.sessionEnded')} action={t('signIn.signIn')} onAction={() => void session.signIn()} />;
  }
  if (offline || now.isError) {
    return <Notice text={t('shell.noServer')} action={t('shell.tryAgain')} onAction={() => void now.refetch()} />;
  }
  const isOther = now.data !== undefined && now.data.build !== config.build;
  if (isOther) return <Notice text={t('shell.otherVersion')} action={t('shell.reload')} onAction={reload} />;
  return null;
}

const reload = () => location.reload();

function Notice({ text, action, onAction }: { text: string; action: string; onAction(): void }) {
  return (
    <div className={classes.notice} role="status" data-testid="notice">
      <span>{text}</span>
      <Button size="compact-sm" variant="light" onClick={onAction}>
        {action}
      </Button>
    </div>
  );
}
