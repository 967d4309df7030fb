import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiContext } from '../api/api-context.ts';
import { createApi } from '../api/create-api.ts';
import { createSession, type Session } from './create-session.ts';
import { readStudioConfig } from './studio-config.ts';

/** Shows its children to who is signed in, and a way to sign in to who is not. */
export function SignInGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: async () => createSession(await readStudioConfig()),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (session.isError) return <Center h="100dvh">{session.error.message}</Center>;
  if (session.data === undefined) {
    return (
      <Center h="100dvh">
        <Loader aria-label={t('signIn.loading')} />
      </Center>
    );
  }
  return <SignedIn session={session.data}>{children}</SignedIn>;
}

function SignedIn({ session, children }: { session: Session; children: ReactNode }) {
  const { t } = useTranslation();
  const signedIn = useSyncExternalStore(session.subscribe, () => session.signedIn);
  if (signedIn) return <WithProject session={session}>{children}</WithProject>;
  return (
    <Center h="100dvh">
      <Stack align="center">
        <Title>Kontur</Title>
        <Text>{t('signIn.what')}</Text>
        <Button data-testid="sign-in" onClick={() => void session.signIn()}>
          {t('signIn.signIn')}
        </Button>
      </Stack>
    </Center>
  );
}

function WithProject({ session, children }: { session: Session; children: ReactNode }) {
  const projects = useQuery({
    queryKey: ['projects'],
    queryFn: async () => {
      const { client } = createApi(session, '');
      const { data } = await client.GET('/api/v1/token/inspect');
      return data?.projects.map(({ projectUrlName }) => projectUrlName) ?? [];
    },
  });
  const project = projects.data?.[0];
  const api = useMemo(() => (project === undefined ? undefined : createApi(session, project)), [session, project]);
  if (api === undefined) return null;
  return <ApiContext value={api}>{children}</ApiContext>;
}
