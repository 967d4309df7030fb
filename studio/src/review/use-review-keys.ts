import { type RefObject, useEffect } from 'react';
import { useStore } from 'zustand';
import { isTyping } from '../library/library-bar.tsx';
import { areSingleKeysOn, isSingleKey } from '../shell/single-keys.ts';
import { useReview } from './review-context.ts';

/** Takes the keys of the review wherever the focus is, except while somebody types or a dialog is open. */
export function useReviewKeys({
  columns,
  scroller,
}: {
  columns: number;
  scroller: RefObject<HTMLDivElement | null>;
}): void {
  const { review, acts, askLabel } = useReview();
  const currentId = useStore(review.focus, (focus) => focus.currentId);

  // The card may be drawn only some frames after it has been scrolled to.
  useEffect(() => {
    if (currentId === undefined) return;
    let frame = 0;
    let tries = 0;
    const focus = () => {
      const isFree = document.activeElement === document.body || scroller.current?.contains(document.activeElement);
      const card = scroller.current?.querySelector<HTMLElement>(`[data-annotation="${currentId}"] button`);
      if (!isFree) return;
      if (card) card.focus({ preventScroll: true });
      else if (tries++ < 20) frame = requestAnimationFrame(focus);
    };
    focus();
    return () => cancelAnimationFrame(frame);
  }, [currentId, scroller]);

  useEffect(() => {
    const rowsOf = () => {
      const card = scroller.current?.querySelector('[data-index]');
      return Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (card?.clientHeight || 1)) - 1);
    };
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || isTyping(event.target) || hasDialog()) return;
      if (isSingleKey(event) && !areSingleKeysOn()) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const act = event.ctrlKey || event.metaKey ? withCtrl[key] : plain[key]?.bind(undefined, event);
      if (act === undefined || (isUsedBy(event.target, scroller.current) && WITH_FOCUS.has(key))) return;
      event.preventDefault();
      act();
    };
    const step = (by: () => number) => (event: KeyboardEvent) => acts.move(by(), { extend: event.shiftKey });
    const plain: Record<string, (event: KeyboardEvent) => void> = {
      a: () => acts.decide({ status: 'approved' }),
      r: () => acts.decide({ status: 'rejected' }),
      s: () => acts.decide({ status: 'suggested' }),
      l: askLabel,
      j: step(() => 1),
      k: step(() => -1),
      Delete: acts.delete,
      Enter: acts.open,
      ' ': () => {
        const { currentId: id } = review.focus.getState();
        if (id !== undefined) acts.toggle(id);
      },
      Escape: acts.clear,
      ArrowRight: step(() => 1),
      ArrowLeft: step(() => -1),
      ArrowDown: step(() => columns),
      ArrowUp: step(() => -columns),
      PageDown: step(() => columns * rowsOf()),
      PageUp: step(() => -columns * rowsOf()),
      Home: step(() => -Number.MAX_SAFE_INTEGER),
      End: step(() => Number.MAX_SAFE_INTEGER),
    };
    const withCtrl: Record<string, () => void> = { a: acts.selectAll, z: acts.undo };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [review, acts, askLabel, columns, scroller]);
}

/** Keys by which a button or a list that has the focus is used. */
const WITH_FOCUS: ReadonlySet<string> = new Set(['Enter', ' ', ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']]);

/** Whether the focus is on something else that is used by keys than the cards. */
const isUsedBy = (target: EventTarget | null, grid: HTMLElement | null): boolean =>
  target instanceof HTMLElement && target.matches('a, button, input, [role]') && !grid?.contains(target);

const hasDialog = (): boolean => document.querySelector('[role=dialog]') !== null;
