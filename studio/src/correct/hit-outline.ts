import { type ScreenPosition, type Size, toScreen, type Viewport } from '../canvas/viewport.ts';
import type { Outline, UnitPosition } from '../objects/photo-object.ts';

/** A vertex of an outline: in which part, in which of its rings (0 is the outer one, others are holes), and which. */
export interface VertexPlace {
  part: number;
  ring: number;
  index: number;
}

/** What of an outline is at a position: a vertex, or a line, by the vertex that it begins with. */
export interface OutlineHit {
  kind: 'vertex' | 'line';
  place: VertexPlace;
}

/** How near the pointer has to be, in CSS pixels; fingers are less exact. */
const REACH = { pointer: 8, finger: 20 } as const;

type Parts = Outline['parts'];

/** The nearest vertex of an outline within reach of a position of the canvas, else the nearest line within reach. */
export function hitOutline(
  parts: Parts,
  at: ScreenPosition,
  { viewport, photo, finger = false }: { viewport: Viewport; photo: Size; finger?: boolean },
): OutlineHit | undefined {
  const reach = finger ? REACH.finger : REACH.pointer;
  let vertex: { place: VertexPlace; distance: number } | undefined;
  let line: { place: VertexPlace; distance: number } | undefined;
  for (const [part, rings] of parts.entries()) {
    for (const [ring, corners] of rings.entries()) {
      const last = corners.at(-1);
      if (last === undefined) continue;
      let from = toScreen(viewport, last, photo);
      for (const [index, corner] of corners.entries()) {
        const to = toScreen(viewport, corner, photo);
        const toVertex = Math.hypot(to.left - at.left, to.top - at.top);
        if (toVertex <= (vertex?.distance ?? reach)) vertex = { place: { part, ring, index }, distance: toVertex };
        const toLine = distanceToLine(at, from, to);
        const before = (index + corners.length - 1) % corners.length;
        if (toLine <= (line?.distance ?? reach)) line = { place: { part, ring, index: before }, distance: toLine };
        from = to;
      }
    }
  }
  if (vertex !== undefined) return { kind: 'vertex', place: vertex.place };
  return line && { kind: 'line', place: line.place };
}

function distanceToLine(at: ScreenPosition, from: ScreenPosition, to: ScreenPosition): number {
  const [across, down] = [to.left - from.left, to.top - from.top];
  const along = ((at.left - from.left) * across + (at.top - from.top) * down) / (across * across + down * down || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(from.left + share * across - at.left, from.top + share * down - at.top);
}

/** The vertex at a place; undefined if there is none. */
export const vertexAt = (parts: Parts, { part, ring, index }: VertexPlace): UnitPosition | undefined =>
  parts[part]?.[ring]?.[index];

/** An outline with one of its vertices elsewhere. */
export const moveVertex = (parts: Parts, place: VertexPlace, to: UnitPosition): Parts =>
  changeRing(parts, place, (ring) => ring.with(place.index, to));

/** An outline with a vertex more, after the one at a place. */
export const insertVertex = (parts: Parts, place: VertexPlace, vertex: UnitPosition): Parts =>
  changeRing(parts, place, (ring) => ring.toSpliced(place.index + 1, 0, vertex));

/** An outline without one of its vertices. A hole of three goes with any of them, and so does a part. */
export function deleteVertex(parts: Parts, place: VertexPlace): Parts {
  const ring = parts[place.part]?.[place.ring] ?? [];
  if (ring.length <= 3) return deleteRing(parts, place);
  return changeRing(parts, place, (corners) => corners.toSpliced(place.index, 1));
}

/** An outline without a hole, or without a part and its holes. */
export const deleteRing = (parts: Parts, { part, ring }: Omit<VertexPlace, 'index'>): Parts =>
  ring === 0 ? parts.toSpliced(part, 1) : parts.with(part, (parts[part] ?? []).toSpliced(ring, 1));

/** The vertex that comes so many steps after another, through all rings of all parts. */
export function stepVertex(parts: Parts, place: VertexPlace | undefined, by: 1 | -1): VertexPlace | undefined {
  const all = parts.flatMap((rings, part) =>
    rings.flatMap((corners, ring) => corners.map((_, index): VertexPlace => ({ part, ring, index }))),
  );
  if (place === undefined) return by === 1 ? all[0] : all.at(-1);
  const at = all.findIndex(
    ({ part, ring, index }) => part === place.part && ring === place.ring && index === place.index,
  );
  return all[(at + by + all.length) % all.length];
}

function changeRing(
  parts: Parts,
  { part, ring }: VertexPlace,
  change: (ring: readonly UnitPosition[]) => readonly UnitPosition[],
): Parts {
  const rings = parts[part];
  const corners = rings?.[ring];
  if (rings === undefined || corners === undefined) return parts;
  return parts.with(part, rings.with(ring, change(corners)));
}
