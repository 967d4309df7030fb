import type { SetAnnotation, SetEntry, SetPhoto } from './set-format.ts';

/** The annotations of one photo, to be read before the next photo is asked for. */
export interface PhotoAnnotations {
  photo: SetPhoto;
  annotations: AsyncIterable<SetAnnotation>;
}

/**
 * Groups annotations whose photos follow each other, one at a time and without collecting them: a photo may have any
 * number. What is not read of a photo is skipped.
 */
export async function* groupByPhoto(entries: AsyncIterable<SetEntry>): AsyncGenerator<PhotoAnnotations> {
  const iterator = entries[Symbol.asyncIterator]();
  try {
    let next = await iterator.next();
    while (!next.done) {
      const { photo } = next.value;
      const take = async function* () {
        while (!next.done && next.value.photo.id === photo.id) {
          yield next.value.annotation;
          next = await iterator.next();
        }
      };
      const annotations = take();
      yield { photo, annotations };
      for await (const _ of annotations);
      // A reader that stopped early has ended the generator above.
      while (!next.done && next.value.photo.id === photo.id) next = await iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}
