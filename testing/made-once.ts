interface Made<Value> {
  value: Value;
  remove(): Promise<void>;
}

/**
 * Each project loads the modules of its set-up for itself, all in one process: what they share is kept by the process.
 */
const shared = globalThis as { madeForTests?: Map<string, Promise<Made<unknown>>> };
shared.madeForTests ??= new Map();
const kept = shared.madeForTests;

/**
 * What several projects need, made by the first that asks. Projects end together, so that the first to end may remove
 * it.
 *
 * @param make makes it, and says how it is removed
 */
export function madeOnce<Value>(name: string, make: () => Promise<Made<Value>>): Promise<Made<Value>> {
  const made = (kept.get(name) as Promise<Made<Value>> | undefined) ?? make().then(removedOnce);
  kept.set(name, made);
  return made;
}

function removedOnce<Value>({ value, remove }: Made<Value>): Made<Value> {
  let removal: Promise<void> | undefined;
  return {
    value,
    remove: () => {
      removal ??= remove();
      return removal;
    },
  };
}
