/** Which files are selected, and from which one a range is drawn. */
export interface Selection {
  ids: ReadonlySet<number>;
  anchorId?: number;
}

export const NO_SELECTION: Selection = { ids: new Set() };

/** Selects a file that is not selected, and the other way round; it is where the next range begins. */
export function toggle({ ids }: Selection, id: number): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchorId: id };
}

/** Selects all files from the last one chosen to this one, besides those that are selected already. */
export function extendTo(selection: Selection, id: number, order: readonly { id: number }[]): Selection {
  const from = order.findIndex((file) => file.id === selection.anchorId);
  const to = order.findIndex((file) => file.id === id);
  if (from < 0 || to < 0) return toggle(selection, id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...range.map((file) => file.id)]), anchorId: selection.anchorId };
}

/** Takes files out of the selection. */
export function without({ ids, anchorId }: Selection, gone: ReadonlySet<number>): Selection {
  return { ids: new Set([...ids].filter((id) => !gone.has(id))), anchorId };
}
