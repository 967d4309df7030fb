import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGestures, LONG_PRESS_MS, type PointerInput } from '../../studio/src/canvas/create-gestures.ts';
import type { Tool } from '../../studio/src/photo/photo-state.ts';

/** A canvas of 100 x 100 pixels, on which a handle is at 50, 50, and what was done on it. */
function setUp({ tool = 'point', panKey = false }: { tool?: Tool; panKey?: boolean } = {}) {
  const done: unknown[][] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void done.push([name, ...values]);
  const gestures = createGestures({
    tool: () => tool,
    isPanning: () => panKey,
    isOnPhoto: ({ left, top }) => left <= 100 && top <= 100,
    handleAt: ({ left, top }) =>
      Math.hypot(left - 50, top - 50) < 5
        ? { handle: { kind: 'point', index: 0 }, offset: { left: left - 50, top: top - 50 } }
        : undefined,
    mark: ({ left, top }, label) => note('mark')(left, top, label),
    showBox: () => {},
    addBox: (from, to, { keep }) => note('box')(from.left, from.top, to.left, to.top, keep),
    moveHandle(handle, { left, top }, { joins }) {
      note('move handle')(left, top, joins);
      return handle;
    },
    revertHandle: note('revert'),
    selectHandle: () => note('select')(),
    deleteHandle: () => note('delete')(),
    pickObject: ({ left, top }) => note('pick')(left, top),
    pan: ({ left, top }) => note('pan')(left, top),
    zoomBy: (factor, { left, top }) => note('zoom')(factor, left, top),
    hover: (at) => note('hover')(at?.left, at?.top),
    showPress: (at) => at && note('press')(at.left, at.top),
  });
  const input = (left: number, top: number, more: Partial<PointerInput> = {}): PointerInput => ({
    id: 1,
    finger: false,
    at: { left, top },
    button: 0,
    ctrl: false,
    alt: false,
    shift: false,
    ...more,
  });
  const drag = (from: [number, number], to: [number, number], more: Partial<PointerInput> = {}) => {
    gestures.down(input(...from, more));
    gestures.move(input((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, more));
    gestures.move(input(...to, more));
    gestures.up(input(...to, more));
  };
  const click = (left: number, top: number, more: Partial<PointerInput> = {}) => {
    gestures.down(input(left, top, more));
    gestures.up(input(left, top, more));
  };
  const marks = () => done.filter(([name]) => name !== 'hover' && name !== 'press');
  return { gestures, input, drag, click, done, marks };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a mouse', () => {
  it('marks by clicks', () => {
    const { click, marks } = setUp();
    click(10, 20);
    click(11, 21, { button: 2 });
    click(12, 22, { alt: true });
    click(13, 23, { ctrl: true });
    click(300, 20);
    expect(marks()).toEqual([
      ['mark', 10, 20, 1],
      ['mark', 11, 21, 0],
      ['mark', 12, 22, 0],
      ['pick', 13, 23],
    ]);
  });

  it('draws boxes by drags, and none by the other buttons', () => {
    const { drag, marks } = setUp();
    drag([10, 10], [40, 30]);
    drag([10, 10], [40, 30], { shift: true });
    drag([10, 10], [40, 30], { button: 2 });
    drag([10, 10], [40, 30], { alt: true });
    expect(marks()).toEqual([
      ['box', 10, 10, 40, 30, false],
      ['box', 10, 10, 40, 30, true],
    ]);
  });

  it('takes a trembling click as a click', () => {
    const { gestures, input, marks } = setUp();
    gestures.down(input(10, 10));
    gestures.move(input(12, 11));
    gestures.up(input(12, 11));
    expect(marks()).toEqual([['mark', 10, 10, 1]]);
  });

  it('drags handles from where they were held, as one step', () => {
    const { drag, marks } = setUp();
    drag([52, 51], [72, 61]);
    expect(marks()).toEqual([['move handle', 60, 55, false], ['move handle', 70, 60, true], ['select']]);
  });

  it('selects handles by a click, deletes them with Ctrl, and marks through them otherwise', () => {
    const { click, marks } = setUp();
    click(50, 50);
    click(50, 50, { ctrl: true });
    click(50, 50, { button: 2 });
    expect(marks()).toEqual([['select'], ['delete'], ['mark', 50, 50, 0]]);
  });

  it.each([
    ['the middle button', {}, { button: 1 }],
    ['a key', { panKey: true }, {}],
    ['the tool', { tool: 'pan' as const }, {}],
  ])('moves the photo with %s', (_, options, more) => {
    const { drag, marks } = setUp(options);
    drag([10, 10], [30, 20], more);
    expect(marks()).toEqual([
      ['pan', 10, 5],
      ['pan', 10, 5],
    ]);
  });

  it('hovers while nothing is pressed', () => {
    const { gestures, input, done } = setUp();
    gestures.move(input(10, 10));
    gestures.down(input(10, 10));
    gestures.move(input(11, 10));
    gestures.up(input(11, 10));
    gestures.leave(1);
    expect(done).toEqual([
      ['hover', 10, 10],
      ['mark', 10, 10, 1],
      ['hover', undefined, undefined],
    ]);
  });

  it('leaves what is cancelled', () => {
    const { gestures, input, marks } = setUp();
    gestures.down(input(10, 10));
    gestures.move(input(40, 40));
    expect(gestures.cancel()).toBe(true);
    gestures.up(input(60, 60));
    gestures.down(input(50, 50));
    gestures.move(input(70, 50));
    gestures.leave(1);
    expect(marks()).toEqual([['move handle', 70, 50, false], ['revert']]);
    expect(gestures.cancel()).toBe(false);
  });
});

describe('fingers', () => {
  const finger = { finger: true };

  it('tap and press long', () => {
    const { gestures, input, click, done } = setUp();
    click(10, 10, finger);
    gestures.down(input(20, 20, finger));
    vi.advanceTimersByTime(LONG_PRESS_MS);
    gestures.up(input(20, 20, finger));
    gestures.down(input(50, 50, finger));
    vi.advanceTimersByTime(LONG_PRESS_MS);
    gestures.up(input(50, 50, finger));
    expect(done).toEqual([
      ['press', 10, 10],
      ['mark', 10, 10, 1],
      ['press', 20, 20],
      ['mark', 20, 20, 0],
      ['press', 50, 50],
      ['delete'],
    ]);
  });

  it('draw boxes with their tool alone', () => {
    const points = setUp();
    points.drag([10, 10], [40, 40], finger);
    vi.advanceTimersByTime(LONG_PRESS_MS);
    expect(points.marks()).toEqual([]);
    const boxes = setUp({ tool: 'box' });
    boxes.drag([10, 10], [40, 40], finger);
    expect(boxes.marks()).toEqual([['box', 10, 10, 40, 40, false]]);
  });

  it('move and zoom in twos, and mark nothing', () => {
    const { gestures, input, marks } = setUp({ tool: 'box' });
    gestures.down(input(10, 10, finger));
    gestures.move(input(25, 10, finger));
    gestures.down(input(45, 10, { ...finger, id: 2 }));
    gestures.move(input(65, 10, { ...finger, id: 2 }));
    gestures.up(input(65, 10, { ...finger, id: 2 }));
    gestures.move(input(80, 80, finger));
    gestures.up(input(80, 80, finger));
    expect(marks()).toEqual([
      ['pan', 10, 0],
      ['zoom', 2, 45, 10],
    ]);
    gestures.down(input(10, 10, finger));
    gestures.up(input(10, 10, finger));
    expect(marks().at(-1)).toEqual(['mark', 10, 10, 1]);
  });
});
