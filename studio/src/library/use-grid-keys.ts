import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useLibrary } from './library-context.ts';
import { extendTo, NO_SELECTION, toggle } from './selection.ts';

/** Moves between the cards of the grid by keyboard, and selects them. Enter is the link's own. */
export function useGridKeys({
  columns,
  count,
  scrollTo,
  grid,
}: {
  columns: number;
  count: number;
  scrollTo: (index: number) => void;
  grid: RefObject<HTMLDivElement | null>;
}): { active: number; onKeyDown: (event: KeyboardEvent) => void } {
  const { library, source } = useLibrary();
  const [active, setActive] = useState(0);
  const wanted = useRef<number>(undefined);
  // The card may be drawn only some frames after it has been scrolled to.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = grid.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });

  const goTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), count - 1);
    setActive(next);
    wanted.current = next;
    scrollTo(next);
  };

  const select = (index: number, extend: boolean) => {
    const { files } = source.store.getState();
    const file = files[index];
    if (file === undefined) return;
    library.selection.setState((now) => (extend ? extendTo(now, file.id, files) : toggle(now, file.id)), true);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const card = (event.target as HTMLElement).closest('[data-index]');
    if (card === null || event.altKey) return;
    const index = Number(card.getAttribute('data-index'));
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / card.clientHeight) - 1) * columns;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
      Home: -index,
      End: count - 1 - index,
    };
    const step = steps[event.key];
    if (step !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      // A column goes on to the end of its last row, and no further.
      const next = index + step;
      if (Math.abs(step) === columns && (next < 0 || next >= count)) return;
      if (event.shiftKey) {
        if (library.selection.getState().anchorId === undefined) select(index, false);
        select(Math.min(Math.max(next, 0), count - 1), true);
      }
      goTo(next);
    } else if (event.key === ' ' && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      select(index, event.shiftKey);
      setActive(index);
    } else if (event.key === 'Escape') library.selection.setState(NO_SELECTION, true);
  };
  return { active: Math.min(active, Math.max(0, count - 1)), onKeyDown };
}
