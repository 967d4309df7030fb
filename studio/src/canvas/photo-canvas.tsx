import { VisuallyHidden } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Correction } from '../correct/correction-state.ts';
import { countVertices } from '../objects/photo-object.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import { type CanvasView, createCanvasView } from './canvas-view.ts';
import { KeysOverlay } from './keys-overlay.tsx';
import classes from './photo-canvas.module.css';
import { startCanvas } from './start-canvas.ts';
import type { Size } from './viewport.ts';

/** A photo as the canvas draws it. */
export interface CanvasPhoto {
  /** Upright size in pixels. */
  size: Size;
  /** A copy of it, perhaps smaller. */
  picture: ImageBitmap | undefined;
  /** Resolves to an address from which the photo can be read as it was uploaded, for what the copy does not show. */
  link?: (signal: AbortSignal) => Promise<string>;
}

/**
 * The photo with everything on it, and what pointers and keys do there: moving shows the outline below, a click marks,
 * a drag makes a box, the wheel zooms.
 */
export function PhotoCanvas({
  photo,
  store,
  state,
  label,
  correction,
  view: givenView,
  keys: givenKeys,
}: {
  photo: CanvasPhoto;
  store: PhotoStore;
  /** `loading`, `encoding`, `ready` or `error`. */
  state: string;
  /** What a screen reader says of it. */
  label: string;
  /** What corrects outlines by hand on it. */
  correction: Correction;
  /** Zoom, and what is under the pointer, for who shows or keeps these; the canvas has its own without it. */
  view?: CanvasView;
  /** Whether the list of keys is shown, for who opens it too; the canvas knows itself without it. */
  keys?: { shown: boolean; show(shown: boolean): void };
}) {
  const { t } = useTranslation();
  const ownView = useMemo(() => createCanvasView(), []);
  const view = givenView ?? ownView;
  const element = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const objects = useRef<HTMLCanvasElement>(null);
  const live = useRef<HTMLCanvasElement>(null);
  const [crosshair, setCrosshair] = useState<{ x: number; y: number }>();
  const [showsOwnKeys, setShowsOwnKeys] = useState(false);
  const { shown: showsKeys, show: setShowsKeys } = givenKeys ?? { shown: showsOwnKeys, show: setShowsOwnKeys };
  const showKeys = useRef(setShowsKeys);
  showKeys.current = setShowsKeys;
  const place = useStore(store, (now) => now.place);
  const tool = useStore(store, (now) => now.tool);
  const count = useStore(store, (now) => now.history.present.objects.length);
  const hover = useStore(store, (now) => now.hover);

  useEffect(() => {
    if (!element.current || !picture.current || !objects.current || !live.current) return;
    return startCanvas({
      element: element.current,
      layers: { picture: picture.current, objects: objects.current, live: live.current },
      photo,
      store,
      view,
      correction,
      onCrosshair: setCrosshair,
      showKeys: () => showKeys.current(true),
    });
  }, [photo, store, view, correction]);

  // Keys work at once, without a click first.
  useEffect(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div
      ref={element}
      className={classes.canvas}
      role="application"
      aria-label={label}
      aria-keyshortcuts="?"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys
      tabIndex={0}
      data-testid="canvas"
      data-state={state}
      data-preview={place}
      data-objects={count}
      data-tool={tool}
      data-hover={hover && `${hover.score} ${countVertices(hover)}`}
    >
      <canvas ref={picture} aria-hidden />
      <canvas ref={objects} aria-hidden />
      <canvas ref={live} aria-hidden />
      <VisuallyHidden aria-live="polite">{crosshair && t('canvas.crosshair', crosshair)}</VisuallyHidden>
      {showsKeys && <KeysOverlay close={() => setShowsKeys(false)} />}
    </div>
  );
}
