import { Button, Text } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { PhotoCanvas } from '../canvas/photo-canvas.tsx';
import { countVertices, outlineOf } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import { createServerPreview } from '../preview/server-preview.ts';
import { createPhotoStore } from './create-photo-store.ts';
import classes from './photo-screen.module.css';
import { usePicture } from './use-photo.ts';

/** Screen of one photo: canvas, objects, status. */
export function PhotoScreen({ fileId }: { fileId: number }) {
  const { t } = useTranslation();
  const api = useApi();
  const store = useMemo(() => createPhotoStore({ fileId, preview: createServerPreview(api) }), [api, fileId]);
  useEffect(() => () => store.actions.close(), [store]);
  const picture = usePicture(fileId);
  const { history, place, ms, problem } = useStore(store);
  const { objects } = history.present;
  const active = activeObject(history.present);
  const outline = active && outlineOf(active);
  const status =
    outline === undefined
      ? t('photo.nothing')
      : t('photo.segment', { score: outline.score.toFixed(2), vertices: countVertices(outline) });
  const state = picture.isError ? 'error' : picture.data === undefined ? 'loading' : 'ready';
  return (
    <div className={classes.screen}>
      <main className={classes.middle}>
        {picture.data && <PhotoCanvas photo={picture.data} store={store} state={state} label={status} />}
        {active !== undefined && active.outlines.length > 1 && (
          <div className={classes.candidates}>
            {active.outlines.map((candidate, index) => (
              <Button
                // biome-ignore lint/suspicious/noArrayIndexKey: candidates have no other name
                key={index}
                data-testid="candidate"
                variant={index === active.chosen ? 'light' : 'subtle'}
                aria-pressed={index === active.chosen}
                onClick={() => store.actions.choose(index)}
              >
                {candidate.score.toFixed(2)}
              </Button>
            ))}
          </div>
        )}
      </main>
      <aside className={classes.side}>
        {objects.map((object) => (
          <div key={object.id} data-testid="object">
            {object.label ?? '…'}
          </div>
        ))}
      </aside>
      <footer className={classes.status}>
        <span data-testid="status" aria-live="polite">
          {status}
        </span>
        <span>{t(`photo.${place}`)}</span>
        {ms !== undefined && <span>{Math.round(ms)} ms</span>}
        {(problem ?? picture.error) && <Text c="red">{(problem ?? picture.error)?.message}</Text>}
      </footer>
    </div>
  );
}
