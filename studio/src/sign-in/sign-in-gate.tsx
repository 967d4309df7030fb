import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiContext } from '../api/api-context.ts';
import { createApi } from '../api/create-api.ts';
import { Mark } from '../shell/mark.tsx';
import { createSession, NoBrowserClient, type Session } from './create-session.ts';
import { SessionContext } from './session-context.ts';
import classes from './sign-in.module.css';
import { readStudioConfig, type StudioConfig } from './studio-config.ts';

/** Shows its children to who is signed in, and a way to sign in to who is not. */
export function SignInGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const start = useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      const config = await readStudioConfig();
      return { config, session: await createSession(config) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: false,
  });
  if (start.isError) {
    const { error } = start;
    const reason =
      error instanceof NoBrowserClient
        ? t('signIn.noClient', { settings: error.settings })
        : t('signIn.failed', { reason: error.message });
    return (
      <SignInScreen>
        <p role="alert">{reason}</p>
        <Button onClick={() => void start.refetch()} loading={start.isFetching}>
          {t('shell.tryAgain')}
        </Button>
      </SignInScreen>
    );
  }
  if (start.data === undefined) return <Waiting />;
  return <SignedIn {...start.data}>{children}</SignedIn>;
}

function SignedIn({ session, config, children }: { session: Session; config: StudioConfig; children: ReactNode }) {
  const { t } = useTranslation();
  const signedIn = useSyncExternalStore(session.subscribe, () => session.signedIn);
  const [wasSignedIn, setWasSignedIn] = useState(signedIn);
  useEffect(() => {
    if (signedIn) setWasSignedIn(true);
  }, [signedIn]);
  if (signedIn || wasSignedIn) {
    return (
      <WithProject session={session} config={config} isEnded={!signedIn}>
        {children}
      </WithProject>
    );
  }
  return (
    <SignInScreen>
      <p>{t('signIn.what')}</p>
      <Button fullWidth size="md" data-testid="sign-in" onClick={() => void session.signIn()}>
        {t('signIn.signIn')}
      </Button>
      {config.auth.mode === 'development' && <p className={classes.quiet}>{t('signIn.development')}</p>}
    </SignInScreen>
  );
}

/** Remembers the project that was worked in last; no secret. */
const PROJECT = 'kontur.project';

function WithProject({
  session,
  config,
  isEnded,
  children,
}: {
  session: Session;
  config: StudioConfig;
  isEnded: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const projects = useQuery({
    queryKey: ['projects'],
    queryFn: async () => {
      const { data } = await createApi(session, '').client.GET('/api/v1/token/inspect');
      return data?.projects.map(({ projectUrlName }) => projectUrlName) ?? [];
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [wanted, setWanted] = useState(() => localStorage.getItem(PROJECT));
  const names = projects.data ?? [];
  const project = names.find((name) => name === wanted) ?? names[0];
  const api = useMemo(() => (project === undefined ? undefined : createApi(session, project)), [session, project]);
  if (projects.isError) {
    return (
      <SignInScreen>
        <p role="alert">{t('signIn.failed', { reason: projects.error.message })}</p>
        <Button onClick={() => void projects.refetch()} loading={projects.isFetching}>
          {t('shell.tryAgain')}
        </Button>
      </SignInScreen>
    );
  }
  if (projects.data === undefined) return <Waiting />;
  if (api === undefined || project === undefined) {
    return (
      <SignInScreen>
        <p role="alert">{t('signIn.noProject', { name: session.userName ?? '' })}</p>
        <Button onClick={() => void session.signOut()}>{t('signIn.signOut')}</Button>
      </SignInScreen>
    );
  }
  const setProject = (name: string) => {
    localStorage.setItem(PROJECT, name);
    setWanted(name);
    location.hash = '#/';
  };
  return (
    <SessionContext value={{ session, config, projects: names, project, setProject, isEnded }}>
      {/* Nothing of one project is left on the screen in another. */}
      <ApiContext value={api} key={project}>
        {children}
      </ApiContext>
    </SessionContext>
  );
}

function SignInScreen({ children }: { children: ReactNode }) {
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <h1 className={classes.name}>
          <Mark size={28} />
          Kontur
        </h1>
        {children}
      </div>
    </main>
  );
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <main className={classes.screen}>
      <Loader aria-label={t('signIn.loading')} />
    </main>
  );
}
