import { type CSSProperties, useState } from 'react';
import { useStore } from 'zustand';
import { LabelField } from '../annotations/label-field.tsx';
import type { Labels } from '../annotations/use-labels.ts';
import type { CanvasView } from '../canvas/canvas-view.ts';
import { toScreen } from '../canvas/viewport.ts';
import { boundsOf } from '../objects/candidate-roles.ts';
import { outlineOf, type PhotoObject } from '../objects/photo-object.ts';
import type { PhotoStore } from './create-photo-store.ts';
import classes from './label-box.module.css';
import { keepLabelDraft, readLabelDraft } from './label-draft.ts';

/** Size of the box in CSS pixels, for its place. */
const BOX = { width: 216, height: 220 };
/** Width of a canvas, in CSS pixels, below which the box takes the whole of it at its lower edge. */
const NARROW = 560;
/** Free room beside the object. */
const GAP = 14;

/** Asks for the label of an object, beside it; `onNamed` is told whether the object is to be saved with it at once. */
export function LabelBox({
  store,
  ...rest
}: {
  store: PhotoStore;
  view: CanvasView;
  labels: Labels;
  onNamed(id: string, options: { saves: boolean }): void;
}) {
  const id = useStore(store, (state) => state.labelling);
  const object = useStore(store, ({ history }) => history.present.objects.find((one) => one.id === id));
  if (object === undefined) return null;
  return <OpenBox key={object.id} object={object} store={store} {...rest} />;
}

function OpenBox({
  object,
  store,
  view,
  labels,
  onNamed,
}: {
  object: PhotoObject;
  store: PhotoStore;
  view: CanvasView;
  labels: Labels;
  onNamed(id: string, options: { saves: boolean }): void;
}) {
  useStore(view, (state) => state.view);
  const [draft] = useState(readLabelDraft);
  const end = (label: string | undefined, options: { saves: boolean }) => {
    keepLabelDraft(undefined);
    if (label !== undefined) {
      if (label !== object.label) store.actions.change(object.id, { label });
      labels.remember(label);
    }
    store.actions.askLabel(undefined);
    document.querySelector<HTMLElement>('[data-testid=canvas]')?.focus({ preventScroll: true });
    if (label !== undefined) onNamed(object.id, options);
  };
  return (
    <div className={classes.box} style={placeBeside(object, view)}>
      <LabelField
        known={labels.known}
        current={object.label}
        draft={draft?.objectId === object.id ? draft.text : undefined}
        onTyped={(text) => keepLabelDraft({ objectId: object.id, text })}
        onEnd={end}
      />
    </div>
  );
}

/** Where the box fits beside an object: right of it, else left of it, and always inside the canvas. */
function placeBeside(object: PhotoObject, view: CanvasView): CSSProperties | undefined {
  const sizes = view.sizes();
  const viewport = view.viewport();
  const outline = outlineOf(object);
  const bounds = outline && boundsOf([outline]);
  if (sizes === undefined || viewport === undefined) return undefined;
  const { photo, canvas } = sizes;
  if (canvas.width < NARROW) return { inset: 'auto 8px 8px' };
  const least = toScreen(viewport, { x: bounds?.xMin ?? 0.5, y: bounds?.yMin ?? 0.5 }, photo);
  const most = toScreen(viewport, { x: bounds?.xMax ?? 0.5, y: bounds?.yMax ?? 0.5 }, photo);
  const right = most.left + GAP;
  const left = right + BOX.width + GAP <= canvas.width ? right : least.left - GAP - BOX.width;
  return {
    left: Math.min(Math.max(left, GAP), Math.max(canvas.width - BOX.width - GAP, GAP)),
    top: Math.min(Math.max(least.top, GAP), Math.max(canvas.height - BOX.height - GAP, GAP)),
  };
}
