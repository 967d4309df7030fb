import { IconPhotoUp } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenFiles } from './chosen-files.ts';
import classes from './drop-zone.module.css';
import { useUploads } from './uploads-context.tsx';

/** Uploads what is dropped on it, folders with all that is in them, and what is pasted while it is shown. */
export function DropZone({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const uploads = useUploads();
  const [isOver, setIsOver] = useState(false);
  // Entering a child comes before leaving its parent, so enters and leaves are counted.
  const depth = useRef(0);
  const moveBy = (step: number) => {
    depth.current += step;
    setIsOver(depth.current > 0);
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const intoText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (!event.clipboardData?.files.length || (intoText && event.clipboardData.types.includes('text/plain'))) return;
      event.preventDefault();
      void chosenFiles(event).then((files) => uploads.add(files.map(named)));
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [uploads]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same by keyboard
    <div
      className={classes.zone}
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        moveBy(1);
      }}
      onDragLeave={(event) => {
        if (holdsFiles(event)) moveBy(-1);
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={({ nativeEvent }) => {
        nativeEvent.preventDefault();
        depth.current = 0;
        setIsOver(false);
        void chosenFiles(nativeEvent).then((files) => uploads.add(files));
      }}
    >
      {children}
      {isOver && (
        <div className={classes.over}>
          <IconPhotoUp size={40} stroke={1.5} aria-hidden />
          {t('uploads.drop')}
        </div>
      )}
    </div>
  );
}

const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes('Files');

/** Pasted pictures are all called image.png: they get the time as their name. */
function named({ file }: { file: File }): { file: File } {
  if (!/^image\.\w+$/.test(file.name)) return { file };
  const time = new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return { file: new File([file], file.name.replace('image', `pasted ${time}`), { type: file.type }) };
}
