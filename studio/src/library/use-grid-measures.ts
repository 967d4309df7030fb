import { type RefObject, useLayoutEffect, useState } from 'react';

/** Gap between cards, in CSS pixels. */
export const GRID_GAP = 12;

/**
 * How many cards of a grid fit beside each other, and how high they are; measured again whenever its width changes.
 *
 * @param options.aspect height of a picture by its width
 * @param options.textHeight height of the lines below a picture, with the border of the card
 * @param options.least width of a card at least: on wide screens, and on narrow ones
 */
export function useGridMeasures(
  scroller: RefObject<HTMLDivElement | null>,
  { aspect, textHeight, least }: { aspect: number; textHeight: number; least: readonly [wide: number, narrow: number] },
): { columns: number; rowHeight: number } {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  const isNarrow = width < 600;
  const inner = width - 2 * (isNarrow ? 12 : 16);
  const columns = Math.max(1, Math.floor((inner + GRID_GAP) / (least[isNarrow ? 1 : 0] + GRID_GAP)));
  const cardWidth = (inner - GRID_GAP * (columns - 1)) / columns;
  return { columns, rowHeight: width === 0 ? 0 : Math.round(cardWidth * aspect) + textHeight };
}
