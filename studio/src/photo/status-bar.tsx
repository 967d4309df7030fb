import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CanvasView } from '../canvas/canvas-view.ts';
import type { PhotoStore } from './create-photo-store.ts';
import classes from './status-bar.module.css';

/** Line at the bottom: zoom, what is under the pointer, what is marked, model, who answers. */
export function StatusBar({
  store,
  view,
  status,
  encode,
  model,
  showKeys,
}: {
  store: PhotoStore;
  view: CanvasView;
  /** What is marked, in a sentence that is also read aloud. */
  status: string;
  /** How far the encoding of the photo is. */
  encode: string;
  model: string | undefined;
  showKeys(): void;
}) {
  const { t, i18n } = useTranslation();
  const place = useStore(store, (state) => state.place);
  const scale = useStore(view, (state) => state.scale);
  const zoom = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  return (
    <footer className={classes.status}>
      <span className={classes.zoom}>{scale !== undefined && zoom.format(scale)}</span>
      <Pointed view={view} />
      <span className={classes.line} data-testid="status" aria-live="polite">
        {status}
      </span>
      <span className={classes.wide}>{encode}</span>
      <span className={classes.wide}>{model}</span>
      <span className={`${classes.wide} ${classes.place}`}>{t(`photo.${place}`)}</span>
      <UnstyledButton className={classes.keys} onClick={showKeys}>
        <kbd>?</kbd> {t('photo.keys')}
      </UnstyledButton>
    </footer>
  );
}

/** Position and colour of the pixel under the pointer; its own component, as it changes with each move. */
function Pointed({ view }: { view: CanvasView }) {
  const pixel = useStore(view.pointed, (state) => state.pixel);
  return (
    <span className={classes.pointed} aria-hidden>
      {pixel !== undefined && (
        <>
          <span>
            x {Math.floor(pixel.x)} · y {Math.floor(pixel.y)}
          </span>
          {pixel.colour !== undefined && (
            <span className={classes.colour}>
              <i style={{ background: pixel.colour }} />
              {pixel.colour.slice(1)}
            </span>
          )}
        </>
      )}
    </span>
  );
}
