import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { JobsScreen } from '../jobs/jobs-screen.tsx';
import { LibraryScreen } from '../library/library-screen.tsx';
import { PhotoScreen } from '../photo/photo-screen.tsx';
import { SignInGate } from '../sign-in/sign-in-gate.tsx';
import { UploadsProvider } from '../uploads/uploads-context.tsx';
import { UploadsPanel } from '../uploads/uploads-panel.tsx';
import { Frame } from './frame.tsx';
import { GoneScreen } from './gone-screen.tsx';
import { usePath } from './hash-location.ts';
import { theme } from './theme.ts';

// After an update the server no longer has what a page of before it would load.
const late = (screen: Promise<ComponentType>): Promise<{ default: ComponentType }> =>
  screen.then(
    (found) => ({ default: found }),
    () => ({ default: GoneScreen }),
  );
const HealthScreen = lazy(() => late(import('../health/health-screen.tsx').then((module) => module.HealthScreen)));
const ReviewScreen = lazy(() => late(import('../review/review-screen.tsx').then((module) => module.ReviewScreen)));

/** The page: looks, session, frame, and the screen that the address names. */
export function App() {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1 } } }));
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <SignInGate>
          <UploadsProvider>
            <Router hook={usePath}>
              <Frame>
                <Switch>
                  <Route path="/photo/:fileId">
                    {({ fileId }) => <PhotoScreen key={fileId} fileId={Number(fileId)} />}
                  </Route>
                  <Route path="/review">
                    <Suspense>
                      <ReviewScreen />
                    </Suspense>
                  </Route>
                  <Route path="/jobs">
                    <JobsScreen />
                  </Route>
                  <Route path="/health">
                    <Suspense>
                      <HealthScreen />
                    </Suspense>
                  </Route>
                  <Route>
                    <LibraryScreen />
                  </Route>
                </Switch>
              </Frame>
              <UploadsPanel />
            </Router>
          </UploadsProvider>
        </SignInGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The nonce by which the content security policy lets style elements in that Mantine makes. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';
