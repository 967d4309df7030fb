import { useEffect } from 'react';
import type { Uploads } from '../uploads/create-uploads.ts';
import type { Library } from './create-library.ts';

/** Shows uploads of this page in the library as soon as the server knows them. */
export function useFollowUploads(library: Library, uploads: Uploads): void {
  useEffect(
    () =>
      uploads.subscribe((file, gone) => {
        const source = library.current();
        if (gone) source?.remove(new Set([file.id]));
        else source?.put(file);
      }),
    [library, uploads],
  );
}
