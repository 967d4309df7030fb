import { useEffect, useRef } from 'react';

/**
 * Closes a dialog by Escape, and keeps that key from everything else on the page: where a button lost the focus it would
 * reach the canvas as well, and drop an object there.
 */
export function useEscape(close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current();
    };
    addEventListener('keydown', listener, { capture: true });
    return () => removeEventListener('keydown', listener, { capture: true });
  }, []);
}
