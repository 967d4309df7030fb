import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import { copyPicture } from './copy-to-clipboard.ts';
import { createWriter } from './create-writer.ts';
import { planFiles } from './plan-files.ts';
import { readPhoto } from './read-photo.ts';
import type { TakenObject } from './taken-object.ts';
import { createFileWriter } from './write-picture.ts';

/** Milliseconds for which it is said that something was copied. */
const SAID_FOR_MS = 2500;

/** Copies a cut-out of an object, made from the photo's own pixels, or saves it where nothing can be copied. */
export function useCutOut(fileId: number) {
  const api = useApi();
  const gone = useMemo(() => new AbortController(), []);
  useEffect(() => () => gone.abort(), [gone]);

  const make = async (object: TakenObject) => {
    const { signal } = gone;
    const photo = await readPhoto(api, fileId, signal);
    const [file] = planFiles([{ photo, objects: [object] }], { name: 'cutout', extension: 'png' }, { separate: true });
    const writer = createWriter();
    try {
      return { content: await createFileWriter(api, writer).cutOut(photo, object, signal), name: file?.name ?? '' };
    } finally {
      writer.close();
    }
  };
  // The clipboard has to be asked right after the click, while the picture is still being made.
  const cutOut = useMutation({ mutationFn: (object: TakenObject) => copyPicture(make(object)) });
  const { isSuccess, reset } = cutOut;
  useEffect(() => {
    if (!isSuccess) return;
    const timer = setTimeout(reset, SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [isSuccess, reset]);
  return cutOut;
}
