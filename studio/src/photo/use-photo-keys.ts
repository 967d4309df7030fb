import { useEffect } from 'react';
import type { LibraryFile } from '../library/library-file.ts';
import { goTo } from '../shell/hash-location.ts';
import type { Saver } from './create-saver.ts';

/** Takes the keys of the screen around the canvas: Page Down and Page Up for the neighbours, Ctrl-S for saving. */
export function usePhotoKeys({
  files,
  place,
  saver,
}: {
  files: readonly LibraryFile[];
  place: number;
  saver: Saver;
}): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.shiftKey) return;
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && event.key.toLowerCase() === 's') {
        event.preventDefault();
        saver.save();
        return;
      }
      const by = { PageDown: 1, PageUp: -1 }[event.key];
      const file = by === undefined || ctrl || place < 0 ? undefined : files[place + by];
      if (file === undefined) return;
      event.preventDefault();
      goTo(`/photo/${file.id}`);
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [files, place, saver]);
}
