import { useSyncExternalStore } from 'react';
import type { BaseLocationHook } from 'wouter';

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

const currentHash = () => location.hash.slice(1) || '/';

/** Splits the hash of an address, such as `/photo/1?points=…`, into path and query. */
const split = (hash: string): [path: string, query: string] => {
  const [path = '/', query = ''] = hash.split('?', 2);
  return [path, query];
};

/** Goes to an address of the studio, such as `/photo/1?points=…`; with `replace`, without a step in the history. */
export function goTo(address: string, { replace = false } = {}): void {
  const target = `#${address}`;
  if (location.hash === target) return;
  if (!replace) location.hash = target;
  else {
    history.replaceState(history.state, '', target);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}

/** Location hook of wouter: the path in the hash of the address. */
export const usePath: BaseLocationHook = () => [split(useSyncExternalStore(subscribe, currentHash))[0], goTo];

/** The query in the hash of the address: what of a screen is kept in a link. */
export const useHashQuery = (): URLSearchParams =>
  new URLSearchParams(split(useSyncExternalStore(subscribe, currentHash))[1]);

/** The path in the hash of the address, read once. */
export const hashPath = (): string => split(currentHash())[0];

/** The query in the hash of the address, read once. */
export const hashQuery = (): URLSearchParams => new URLSearchParams(split(currentHash())[1]);
