import { Skeleton } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ConflictDialog } from '../annotations/conflict-dialog.tsx';
import { saveChoices } from '../annotations/save-choices.ts';
import { useLabels } from '../annotations/use-labels.ts';
import { PhotoCanvas } from '../canvas/photo-canvas.tsx';
import { CorrectBar } from '../correct/correct-bar.tsx';
import { createCorrection } from '../correct/create-correction.ts';
import { countVertices, isEmptyPrompt, outlineOf } from '../objects/photo-object.ts';
import { activeObject } from '../objects/photo-objects.ts';
import { TakeAway } from '../take-away/take-away.tsx';
import { Candidates } from './candidates.tsx';
import type { PhotoStore } from './create-photo-store.ts';
import { FilmStrip } from './film-strip.tsx';
import { FirstHint } from './first-hint.tsx';
import { LabelBox } from './label-box.tsx';
import { ObjectsPanel } from './objects-panel.tsx';
import { PhotoHeader } from './photo-header.tsx';
import { PhotoNotices, PhotoTrouble } from './photo-notices.tsx';
import classes from './photo-screen.module.css';
import { StatusBar } from './status-bar.tsx';
import { ToolRail } from './tool-rail.tsx';
import { nextPhotos, useNeighbours } from './use-neighbours.ts';
import { useOpenPhoto } from './use-open-photo.ts';
import { usePicturesAhead } from './use-photo.ts';
import { usePhotoKeys } from './use-photo-keys.ts';

/** Photos of the film strip that are prepared before they are opened. */
const PREPARED = 2;

/** Screen of one photo: tools, canvas, objects, neighbours, status. */
export function PhotoScreen({ fileId }: { fileId: number }) {
  const { t, i18n } = useTranslation();
  const photo = useOpenPhoto(fileId);
  const { store, view, saver, warmer, file, picture, state, error } = photo;
  const correction = useMemo(() => createCorrection(store), [store]);
  const { files, place } = useNeighbours(fileId);
  const [showsKeys, setShowsKeys] = useState(false);
  const [compared, setCompared] = useState<string>();
  const labels = useLabels();
  const status = useStatus(store);
  usePhotoKeys({ files, place, saver });

  const isReady = state === 'ready';
  const next = isReady ? nextPhotos(files, place, PREPARED).join() : '';
  useEffect(() => {
    if (next !== '') warmer.warmNext(next.split(',').map(Number));
    return () => warmer.warmNext([]);
  }, [warmer, next]);

  usePicturesAhead(isReady ? nextPhotos(files, place, PREPARED) : []);

  const seconds = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 });
  const usual = warmer.usualMs();
  const encoding =
    usual === undefined ? t('photo.encoding') : t('photo.encodingFor', { seconds: seconds.format(usual / 1000) });
  const encode = state === 'encoding' ? encoding : isReady ? t('photo.encoded') : '';
  return (
    <div className={classes.screen}>
      <PhotoHeader name={file.data?.name} store={store} saver={saver} />
      <ToolRail store={store} view={view} correction={correction} />
      <main className={classes.middle}>
        {picture.data === undefined ? (
          <div className={classes.empty} data-testid="canvas" data-state={state} data-objects={0} data-preview="server">
            {error === null && <Skeleton className={classes.skeleton} aria-label={t('photo.loading')} />}
          </div>
        ) : (
          <>
            <PhotoCanvas
              photo={picture.data}
              store={store}
              state={state}
              label={status}
              correction={correction}
              view={view}
              keys={{ shown: showsKeys, show: setShowsKeys }}
            />
            <Candidates store={store} photo={picture.data} />
            <CorrectBar store={store} correction={correction} />
            <LabelBox
              store={store}
              view={view}
              labels={labels}
              onNamed={(id, { saves }) => {
                if (saves) saver.save();
                else if (saveChoices.getState().whenNamed) saver.save([id]);
              }}
            />
            <FirstHint store={store} />
          </>
        )}
        {state === 'encoding' && (
          <div className={classes.progress} role="progressbar" aria-label={encoding}>
            <i style={{ animationDuration: `${usual ?? 1000}ms` }} />
          </div>
        )}
        {error !== null && picture.data === undefined && (
          <PhotoTrouble error={error} isGone={photo.isGone} retry={() => void picture.refetch()} />
        )}
        <PhotoNotices photo={photo} onCompare={setCompared} />
      </main>
      <ObjectsPanel store={store} saver={saver} onCompare={setCompared}>
        <TakeAway store={store} fileId={fileId} />
      </ObjectsPanel>
      <FilmStrip files={files} place={place} />
      <StatusBar
        store={store}
        view={view}
        status={status}
        encode={encode}
        model={warmer.model()}
        showKeys={() => setShowsKeys(true)}
      />
      <ConflictDialog fileId={fileId} id={compared} store={store} saver={saver} close={() => setCompared(undefined)} />
    </div>
  );
}

/** What is marked, in a sentence. */
function useStatus(store: PhotoStore): string {
  const { t } = useTranslation();
  const active = useStore(store, ({ history }) => activeObject(history.present));
  const asking = useStore(store, (state) => state.asking);
  const handKept = useStore(store, (state) => state.handKept);
  const count = useStore(store, ({ history }) => history.present.objects.length);
  const outline = active && outlineOf(active);
  if (outline !== undefined && active?.byHand && handKept === active.id) return t('correct.kept');
  if (outline !== undefined && active?.byHand) return t('correct.status', { vertices: countVertices(outline) });
  if (outline !== undefined) {
    return t('photo.segment', { score: outline.score.toFixed(2), vertices: countVertices(outline) });
  }
  if (asking) return t('photo.asking');
  if (active?.answered) return t('photo.nothingFoundLong');
  if (active !== undefined) return t(isEmptyPrompt(active.prompt) ? 'photo.onlyBackground' : 'photo.noAnswer');
  return count === 0 ? t('photo.nothing') : t('photo.objectCount', { count });
}
