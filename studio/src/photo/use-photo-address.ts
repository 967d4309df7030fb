import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { CanvasView } from '../canvas/canvas-view.ts';
import type { View } from '../canvas/viewport.ts';
import { activeObject } from '../objects/photo-objects.ts';
import { goTo, hashPath, useHashQuery } from '../shell/hash-location.ts';
import type { PhotoStore } from './create-photo-store.ts';
import { formatPhotoAddress, parsePhotoAddress } from './photo-address.ts';

/** Milliseconds that the address lags behind. */
const LAG_MS = 300;

/**
 * Keeps the prompt of the active object and the view in the address, and opens what another address of the same photo
 * names, as after a link was followed.
 *
 * @param isRestored whether what the browser kept is in the store, so that the object of the address can be found there
 */
export function usePhotoAddress({
  fileId,
  store,
  view,
  isRestored,
}: {
  fileId: number;
  store: PhotoStore;
  view: CanvasView;
  isRestored: boolean;
}): void {
  const asked = useHashQuery().toString();
  const written = useRef<string>(undefined);

  useEffect(() => {
    if (!isRestored || asked === written.current) return;
    written.current = asked;
    const { prompt, view: wanted } = parsePhotoAddress(new URLSearchParams(asked));
    if (prompt !== undefined) store.actions.open(prompt);
    if (wanted !== undefined) showView(view, wanted);
  }, [asked, isRestored, store, view]);

  const prompt = useStore(store, ({ history }) => activeObject(history.present)?.prompt);
  const shown = useStore(view, (state) => state.view);
  useEffect(() => {
    if (!isRestored) return;
    const timer = setTimeout(() => {
      // Who has just left for another address must not be led back: the event that ends this screen may still be due.
      if (hashPath() !== `/photo/${fileId}`) return;
      const query = formatPhotoAddress({ prompt, view: shown });
      written.current = new URLSearchParams(query).toString();
      goTo(query === '' ? `/photo/${fileId}` : `/photo/${fileId}?${query}`, { replace: true });
    }, LAG_MS);
    return () => clearTimeout(timer);
  }, [fileId, isRestored, prompt, shown]);
}

function showView(canvas: CanvasView, view: View): void {
  const sizes = canvas.sizes();
  canvas.setState({ view });
  if (sizes !== undefined) canvas.measure(sizes.photo, sizes.canvas);
}
