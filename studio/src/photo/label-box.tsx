import { type CSSProperties, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CanvasView } from '../canvas/canvas-view.ts';
import { toScreen } from '../canvas/viewport.ts';
import { boundsOf } from '../objects/candidate-roles.ts';
import { colourOf } from '../objects/colours.ts';
import { outlineOf, type PhotoObject } from '../objects/photo-object.ts';
import type { PhotoStore } from './create-photo-store.ts';
import classes from './label-box.module.css';
import { labelChoices, pickByDigit } from './label-choices.ts';
import { keepLabelDraft, readLabelDraft } from './label-draft.ts';
import type { Labels } from './use-labels.ts';

/** Size of the box in CSS pixels, for its place. */
const BOX = { width: 216, height: 220 };
/** Width of a canvas, in CSS pixels, below which the box takes the whole of it at its lower edge. */
const NARROW = 560;
/** Free room beside the object. */
const GAP = 14;

/** Asks for the label of an object, beside it. */
export function LabelBox({ store, view, labels }: { store: PhotoStore; view: CanvasView; labels: Labels }) {
  const id = useStore(store, (state) => state.labelling);
  const object = useStore(store, ({ history }) => history.present.objects.find((one) => one.id === id));
  if (object === undefined) return null;
  return <OpenBox key={object.id} object={object} store={store} view={view} labels={labels} />;
}

function OpenBox({
  object,
  store,
  view,
  labels,
}: {
  object: PhotoObject;
  store: PhotoStore;
  view: CanvasView;
  labels: Labels;
}) {
  const { t } = useTranslation();
  const listId = useId();
  const [text, setText] = useState(() => {
    const draft = readLabelDraft();
    return draft?.objectId === object.id ? draft.text : '';
  });
  const [picked, setPicked] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  useStore(view, (state) => state.view);
  const choices = labelChoices(labels.known, text, object.label);
  const place = placeBeside(object, view);

  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const end = (label: string | undefined) => {
    if (isOver.current) return;
    isOver.current = true;
    keepLabelDraft(undefined);
    if (label !== undefined && label !== object.label) {
      store.actions.change(object.id, { label });
      labels.remember(label);
    }
    store.actions.askLabel(undefined);
    document.querySelector<HTMLElement>('[data-testid=canvas]')?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const byDigit = pickByDigit(choices, text, event.key);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape') end(undefined);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) end(choices[picked]?.label);
    else if (byDigit !== undefined) end(byDigit);
    else if (step !== undefined) setPicked((picked + step + choices.length) % Math.max(choices.length, 1));
    else return;
    event.preventDefault();
  };

  return (
    <div className={classes.box} style={place}>
      <input
        ref={input}
        data-testid="label-input"
        role="combobox"
        aria-label={t('photo.label')}
        aria-expanded={choices.length > 0}
        aria-controls={listId}
        aria-activedescendant={choices[picked] && `${listId}-${picked}`}
        autoComplete="off"
        maxLength={128}
        placeholder={t('photo.labelHint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          keepLabelDraft({ objectId: object.id, text: event.currentTarget.value });
          setPicked(0);
        }}
        onKeyDown={onKeyDown}
        // What was typed is taken; nothing typed leaves the object as it is.
        onBlur={() => end(text.trim() === '' ? undefined : text.trim())}
      />
      {choices.length > 0 && (
        <div className={classes.list} id={listId} role="listbox" aria-label={t('photo.labels')}>
          {choices.map(({ label, isNew }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={label}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === picked}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => end(label)}
            >
              <i style={{ background: colourOf(label, 0) }} />
              <span>{isNew ? t('photo.newLabel', { label }) : label}</span>
              <kbd aria-hidden>{index === picked ? '↵' : index < 9 ? index + 1 : ''}</kbd>
            </div>
          ))}
        </div>
      )}
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
