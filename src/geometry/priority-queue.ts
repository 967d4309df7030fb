import { defined } from '#contract/defined';

/** A queue from which the value of the lowest price comes first. */
export interface PriorityQueue<Value> {
  put(value: Value): void;
  /** Takes the value of the lowest price out of the queue; undefined if it is empty. */
  take(): Value | undefined;
}

/** Creates an empty queue (a binary heap). A value's price must not change while it is in the queue. */
export function createQueue<Value>(priceOf: (value: Value) => number): PriorityQueue<Value> {
  const heap: Value[] = [];
  const at = (place: number): Value => defined(heap[place], 'value in the queue');
  const isCheaper = (one: number, other: number) => priceOf(at(one)) < priceOf(at(other));
  const swap = (one: number, other: number) => {
    [heap[one], heap[other]] = [at(other), at(one)];
  };
  return {
    put(value) {
      heap.push(value);
      for (let place = heap.length - 1; place > 0; ) {
        const above = (place - 1) >> 1;
        if (!isCheaper(place, above)) return;
        swap(place, above);
        place = above;
      }
    },
    take() {
      const last = heap.length - 1;
      if (last <= 0) return heap.pop();
      swap(0, last);
      const cheapest = heap.pop();
      for (let place = 0; ; ) {
        const [left, right] = [2 * place + 1, 2 * place + 2];
        if (left >= last) return cheapest;
        const below = right < last && isCheaper(right, left) ? right : left;
        if (!isCheaper(below, place)) return cheapest;
        swap(place, below);
        place = below;
      }
    },
  };
}
