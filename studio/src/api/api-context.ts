import { createContext, useContext } from 'react';
import type { Api } from './create-api.ts';

/** The API for the components below; provided once somebody is signed in. */
export const ApiContext = createContext<Api | undefined>(undefined);

/**
 * The API of the signed-in person's project.
 *
 * @throws Error outside of the part of the page that is shown to who is signed in
 */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('useApi is called where nobody is signed in.');
  return api;
}
