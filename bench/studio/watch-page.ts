import type { Page } from 'playwright-core';

/** What the page notes about itself while it is measured. Times are milliseconds of its own clock. */
interface PageWatch {
  /** Sums of the shifts of the layout that nobody caused, on the photo screen and on the others. */
  layoutShift: { photo: number; others: number };
  /** Durations of the tasks that kept the main thread for more than 50 ms. */
  longTasks: number[];
  /** Time from the start of the document to the first photo of the library in it. */
  firstCard?: number;
  /** Time from the pointer's last move to the next new outline below it. */
  nextHover(): Promise<number>;
  /** Time from the pointer's release to the status of the object that it has marked. */
  nextClick(): Promise<number>;
  /** Time from now to the next new outline below the pointer. */
  fromNow(): Promise<number>;
  /** Begins to count frames; returns what ends it, with frames per second. */
  countFrames(): () => number;
}

declare global {
  var studioWatch: PageWatch;
}

/** Runs in each page before its scripts: notes what is measured, from inside of the page. */
export function watchPage(): void {
  type Wait = { since: () => number; settle: (ms: number) => void };
  const hovers: Wait[] = [];
  const clicks: Wait[] = [];
  let moved = 0;
  let released = 0;
  let lastHover: string | null = null;
  let lastStatus = '';
  const wait = (waits: Wait[], since: () => number) =>
    new Promise<number>((resolve) => {
      waits.push({ since, settle: resolve });
      // An answer that looks like the last one changes nothing, and is not measured.
      setTimeout(resolve, 10_000, Number.NaN);
    });
  const settle = (waits: Wait[]) => {
    const now = performance.now();
    for (const { since, settle: done } of waits.splice(0)) done(now - since());
  };
  const watch: PageWatch = {
    layoutShift: { photo: 0, others: 0 },
    longTasks: [],
    nextHover: () => wait(hovers, () => moved),
    nextClick: () => wait(clicks, () => released),
    fromNow() {
      const start = performance.now();
      return wait(hovers, () => start);
    },
    countFrames() {
      const start = performance.now();
      let frames = 0;
      let running = true;
      const count = () => {
        frames++;
        if (running) requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      return () => {
        running = false;
        return (frames * 1000) / (performance.now() - start);
      };
    },
  };
  globalThis.studioWatch = watch;
  addEventListener('pointermove', ({ timeStamp }) => (moved = timeStamp), true);
  addEventListener('pointerup', ({ timeStamp }) => (released = timeStamp), true);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (entry.hadRecentInput) continue;
      watch.layoutShift[location.hash.startsWith('#/photo/') ? 'photo' : 'others'] += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    watch.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    const hover = document.querySelector('[data-testid=canvas]')?.getAttribute('data-hover') ?? null;
    if (hover !== null && hover !== lastHover) settle(hovers);
    lastHover = hover;
    // A status with a score is that of an object: outlines under the pointer change nothing there.
    const status = document.querySelector('[data-testid=status]')?.textContent ?? '';
    if (status !== lastStatus && /\d/.test(status)) settle(clicks);
    lastStatus = status;
    if (watch.firstCard === undefined && document.querySelector('[data-testid=card]') !== null) {
      watch.firstCard = performance.now();
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['data-hover'],
  });
}

/** Moves the pointer by a pixel back and forth until a measurement has ended: a hand on a mouse is never still. */
export async function jitter<Result>(
  page: Page,
  at: { x: number; y: number },
  until: Promise<Result>,
): Promise<Result> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  void until.then(end, end);
  for (let step = 0; !ended; step++) {
    await page.mouse.move(at.x + (step % 2), at.y);
    await page.waitForTimeout(15);
  }
  return until;
}
