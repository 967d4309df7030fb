import { createStore } from 'zustand/vanilla';
import { type MaskPolygon, partBounds, polygonArea } from '#geometry/mask-polygon';
import { simplifyPolygon } from '#geometry/simplify-polygon';
import { pixelPoint } from '#geometry/spaces';
import { type Outline, outlineOf } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import type { Tool } from '../photo/photo-state.ts';
import type { CorrectedPhoto, Correction, CorrectionState } from './correction-state.ts';
import { fitShape } from './fit-shape.ts';
import { deleteRing, deleteVertex, vertexAt } from './hit-outline.ts';
import { fromParts, toParts } from './outline-parts.ts';
import { wandArea } from './wand-area.ts';

/** Share of the whole area below which a part counts as small. */
const SMALL = 0.05;
/** How much larger a key makes the brush. */
const GROWTH = 1.25;
const TOLERANCE_STEP = 4;
const LEAST_RADIUS = 0.5;
/** The largest brush, as a share of the photo's longer side. */
const MOST_RADIUS = 0.1;
/** The first brush, as a share of the photo's longer side. */
const FIRST_RADIUS = 0.01;
const FIRST_TOLERANCE = 24;
/** The most that a line is simplified, as a share of the diagonal of the object. */
const MOST_SIMPLIFIED = 0.03;
/** Price of a vertex for a tolerance of 1 pixel: as for outlines of the model, which are simplified by 2. */
const VERTEX_PRICE = 3;

/** The way in which areas are combined, which brings a library with it: loaded when somebody begins to correct. */
const loadCombine = () => import('./combine-parts.ts');
type Combine = Awaited<ReturnType<typeof loadCombine>>;

/** Creates the correction of the objects of a photo. */
export function createCorrection(store: PhotoStore): Correction {
  const own = createStore<CorrectionState>(() => ({
    tool: 'vertices',
    radius: 0,
    tolerance: FIRST_TOLERANCE,
    isBusy: false,
  }));
  const { getState, setState } = own;
  let photo: CorrectedPhoto | undefined;
  let toolBefore: Tool = 'point';
  /** What simplified outlines were before, so that the slider also goes back. */
  const simplifiedFrom = new WeakMap<Outline['parts'], { parts: Outline['parts']; tolerancePx: number }>();
  let waiting: Promise<void> = Promise.resolve();

  const isOn = () => store.getState().tool === 'correct';
  const corrected = () => {
    const object = activeObject(store.getState().history.present);
    const outline = object && outlineOf(object);
    return object === undefined || outline === undefined || object.locked ? undefined : { object, outline };
  };

  const putOutline = (outline: Outline, options?: { joins?: boolean }) => {
    const now = corrected();
    setState({ draft: undefined, stroke: undefined });
    if (now === undefined || outline.parts === now.outline.parts) return;
    const { vertex } = getState();
    store.actions.correct(now.object.id, outline, options);
    if (vertex !== undefined && vertexAt(outline.parts, vertex) !== undefined) setState({ vertex });
  };

  /** Works a change out, after those before it, and puts it in place if the object is still the same then. */
  const apply = (
    change: (parts: MaskPolygon[], combine: Combine, on: CorrectedPhoto) => MaskPolygon[],
    options?: { joins?: boolean },
  ) => {
    const id = corrected()?.object.id;
    if (id === undefined) return setState({ draft: undefined, stroke: undefined });
    setState({ isBusy: true });
    waiting = waiting
      .then(loadCombine)
      .then((combine) => {
        const now = corrected();
        if (now?.object.id !== id || photo === undefined) return;
        const parts = combine.cutToPhoto(change(toParts(now.outline, photo.size), combine, photo), photo.size);
        putOutline(fromParts(parts, photo.size, now.outline.score), options);
      })
      .catch((error: unknown) => store.setState({ problem: error as Error }))
      .finally(() => setState({ isBusy: false, draft: undefined, stroke: undefined }));
  };

  const mostRadius = () => MOST_RADIUS * Math.max(photo?.size.width ?? 1, photo?.size.height ?? 1);

  const correction: Correction = Object.assign(own, {
    isOn,
    corrected,
    photo: () => photo,
    open(opened: CorrectedPhoto) {
      photo = opened;
      if (getState().radius > 0) return;
      const side = Math.max(opened.size.width, opened.size.height);
      setState({ radius: Math.max(Math.round(FIRST_RADIUS * side), 2) });
    },
    begin() {
      const { tool, history } = store.getState();
      if (tool !== 'correct') toolBefore = tool;
      store.actions.hoverAt(undefined);
      if (activeObject(history.present) === undefined) {
        const topmost = history.present.objects.findLast(
          (object) => outlineOf(object) !== undefined && !object.locked && !object.hidden,
        );
        if (topmost !== undefined) store.actions.select(topmost.id);
      }
      store.actions.setTool('correct');
      void loadCombine();
    },
    leave() {
      setState({ vertex: undefined, draft: undefined, stroke: undefined, pointer: undefined });
      store.actions.setTool(toolBefore);
    },
    setTool: (tool: CorrectionState['tool']) => setState({ tool, vertex: undefined }),
    setRadius: (radius: number) => setState({ radius: Math.min(Math.max(radius, LEAST_RADIUS), mostRadius()) }),
    setTolerance: (tolerance: number) => setState({ tolerance: Math.min(Math.max(tolerance, 0), 255) }),
    grow(by: 1 | -1) {
      const { tool, radius, tolerance } = getState();
      if (tool === 'wand') correction.setTolerance(tolerance + by * TOLERANCE_STEP);
      // At least half a pixel, so that each press changes something.
      else correction.setRadius(Math.round(2 * (radius + by * Math.max(radius * (GROWTH - 1), 0.5))) / 2);
    },
    put(parts: Outline['parts'], options?: { joins?: boolean }) {
      const now = corrected();
      if (now === undefined || photo === undefined) return setState({ draft: undefined });
      setState({ draft: { ...now.outline, parts } });
      apply((_, combine, { size }) => combine.untangle(toParts({ parts }, size)), options);
    },
    paint(way: readonly { x: number; y: number }[], { erases }: { erases: boolean }) {
      const { radius } = getState();
      apply((parts, combine, { size }) => {
        const pixels = way.map(({ x, y }) => pixelPoint(x * size.width, y * size.height));
        return combine.combineParts(parts, combine.strokeArea(pixels, radius), erases ? 'subtract' : 'add');
      });
    },
    wand(position: { x: number; y: number }, { erases }: { erases: boolean }) {
      const { tolerance } = getState();
      apply((parts, combine, { size, pictures }) =>
        combine.combineParts(parts, wandArea(position, pictures(), size, tolerance), erases ? 'subtract' : 'add'),
      );
    },
    deleteVertex(place: NonNullable<CorrectionState['vertex']>) {
      const now = corrected();
      if (now !== undefined) correction.put(deleteVertex(now.outline.parts, place));
    },
    deleteRing() {
      const { vertex } = getState();
      const now = corrected();
      if (now === undefined || vertex === undefined) return;
      setState({ vertex: undefined });
      correction.put(deleteRing(now.outline.parts, vertex));
    },
    fillHoles: () => apply((parts) => parts.map(({ outer }) => ({ outer, holes: [] }))),
    dropSmallParts: () =>
      apply((parts) => {
        const areas = parts.map(polygonArea);
        const least = Math.min(SMALL * areas.reduce((sum, area) => sum + area, 0), Math.max(...areas));
        return parts.filter((_, place) => (areas[place] ?? 0) >= least);
      }),
    replaceBy: (shape: Parameters<Correction['replaceBy']>[0]) =>
      apply((parts) => {
        const fitted = fitShape(parts, shape);
        return fitted === undefined ? parts : [fitted];
      }),
    detail() {
      const now = corrected();
      if (now === undefined || photo === undefined) return { tolerancePx: 0, mostPx: 1 };
      const before = simplifiedFrom.get(now.outline.parts);
      const { left, top, right, bottom } = partBounds(
        toParts({ parts: before?.parts ?? now.outline.parts }, photo.size),
      );
      return {
        tolerancePx: before?.tolerancePx ?? 0,
        mostPx: Math.max(MOST_SIMPLIFIED * Math.hypot(right - left, bottom - top), 1),
      };
    },
    simplify(tolerancePx: number, { counts }: { counts: boolean }) {
      const now = corrected();
      if (now === undefined || photo === undefined) return;
      const from = simplifiedFrom.get(now.outline.parts)?.parts ?? now.outline.parts;
      const limits = { tolerancePx, vertexPrice: VERTEX_PRICE * tolerancePx ** 3 };
      const simplified = toParts({ parts: from }, photo.size).map((part) => simplifyPolygon(part, limits));
      const outline = fromParts(simplified, photo.size, now.outline.score);
      if (!counts) return setState({ draft: outline, vertex: undefined });
      simplifiedFrom.set(outline.parts, { parts: from, tolerancePx });
      putOutline(
        tolerancePx === 0 ? fromParts(toParts({ parts: from }, photo.size), photo.size, now.outline.score) : outline,
      );
    },
  });

  // Another object or another step of the history has other vertices.
  store.subscribe((now, before) => {
    if (now.tool !== before.tool && before.tool !== 'correct') toolBefore = before.tool;
    if (now.history === before.history) return;
    const [active, former] = [activeObject(now.history.present), activeObject(before.history.present)];
    if ((active && outlineOf(active)) !== (former && outlineOf(former))) {
      setState({ vertex: undefined, draft: undefined });
    }
  });
  return correction;
}
