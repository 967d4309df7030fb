import { createContext, type ReactNode, use } from 'react';
import { createPortal } from 'react-dom';

/** Places in the header that a screen fills: after the name of the page, and at the end. */
export interface HeaderSlots {
  start: HTMLElement | null;
  end: HTMLElement | null;
}

export const HeaderSlotsContext = createContext<HeaderSlots>({ start: null, end: null });

/** Puts its children into the header of the page, for as long as the screen is shown. */
export function InHeader({ at, children }: { at: keyof HeaderSlots; children: ReactNode }) {
  const element = use(HeaderSlotsContext)[at];
  return element === null ? null : createPortal(children, element);
}
