interface Made<Value> {
  value: Value;
  remove(): Promise<void>;
}

/**
 * Each project loads the modules of its set-up separately, all in one process: shared values are kept by the process.
 */
const shared = globalThis as { madeForTests?: Map<string, Promise<Made<unknown>>> };
shared.madeForTests ??= new Map();
const kept = shared.madeForTests;

/**
 * Makes a value that several projects need, once, for the first that asks. Projects end together, so the first to end
 * may remove it.
 *
 * @param make makes it, and returns how it is removed
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
