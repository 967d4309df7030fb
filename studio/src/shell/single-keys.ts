import { useSyncExternalStore } from 'react';

/** Remembers in this browser that keys without Ctrl do nothing. */
const KEPT = 'kontur.single-keys';
const listeners = new Set<() => void>();

/**
 * Whether letters, digits and signs do something when they are pressed alone. Who speaks to the computer, or presses
 * keys by accident, switches that off (WCAG 2.1.4).
 */
export const areSingleKeysOn = (): boolean => localStorage.getItem(KEPT) !== 'off';

/** Switches keys that are pressed alone on or off, in this browser. */
export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, 'off');
  for (const changed of listeners) changed();
}

/** `areSingleKeysOn` for components, which are drawn again when that changes. */
export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, areSingleKeysOn);

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener('storage', changed);
  return () => {
    listeners.delete(changed);
    removeEventListener('storage', changed);
  };
}

/** Whether a press is a letter, digit or sign alone; a space is none. */
export const isSingleKey = ({ key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>): boolean =>
  [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey;
