import { createContext, useContext } from 'react';
import type { Session } from './create-session.ts';
import type { StudioConfig } from './studio-config.ts';

/** Who is signed in, and the projects that they may work in. */
export interface SessionState {
  session: Session;
  config: StudioConfig;
  projects: readonly string[];
  project: string;
  setProject(project: string): void;
  /** The session has ended and could not be renewed: the page stays as it is until the person signs in again. */
  isEnded: boolean;
}

export const SessionContext = createContext<SessionState | undefined>(undefined);

/**
 * The session of the page.
 *
 * @throws Error outside of the part of the page that is shown to who is signed in
 */
export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error('useSession is called where nobody is signed in.');
  return state;
}
