import { Button, Text, Title } from '@mantine/core';
import { IconPointer } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.ts';
import { goTo, hashPath } from '../shell/hash-location.ts';
import { isOpen } from '../uploads/upload.ts';
import { useUploads } from '../uploads/uploads-context.tsx';
import type { LibraryFile } from './library-file.ts';
import classes from './welcome.module.css';

/** Pixels across of the sample photo. */
const WIDTH = 1024;

/** First sight of an empty library: a photo to try, and what to do with it. */
export function Welcome({ sample }: { sample?: LibraryFile }) {
  const { t } = useTranslation();
  return (
    <div className={classes.welcome}>
      <Title order={1} size="h2">
        {t('library.welcome')}
      </Title>
      <ol className={classes.steps}>
        {(['hover', 'click', 'copy'] as const).map((step) => (
          <li key={step}>{t(`library.steps.${step}`)}</li>
        ))}
      </ol>
      {sample === undefined ? <ShippedSample /> : <UploadedSample file={sample} />}
      <Text className={classes.own}>{t('library.own')}</Text>
    </div>
  );
}

/** The sample photo as the server keeps it. */
function UploadedSample({ file }: { file: LibraryFile }) {
  const { t } = useTranslation();
  const { fetch } = useApi();
  const [source, setSource] = useState<string>();
  const { id } = file;
  useEffect(() => {
    const abort = new AbortController();
    let made: string | undefined;
    fetch(`kontur/files/${id}/thumbnail?width=${WIDTH}`, { signal: abort.signal })
      .then((response) => response.blob())
      .then((blob) => {
        made = URL.createObjectURL(blob);
        setSource(made);
      })
      // The link works without its picture.
      .catch(() => {});
    return () => {
      abort.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [fetch, id]);
  return (
    <a className={classes.sample} href={`#/photo/${id}`} data-testid="sample">
      {source !== undefined && <img src={source} alt="" />}
      <span className={classes.call}>
        <IconPointer size={20} aria-hidden />
        {t('library.openSample')}
      </span>
    </a>
  );
}

/** The sample photo that comes with the page, uploaded when it is asked for. */
function ShippedSample() {
  const { t } = useTranslation();
  const uploads = useUploads();
  const address = `${import.meta.env.BASE_URL}sample.jpg`;
  const [isThere, setIsThere] = useState(true);
  const [isOpening, setIsOpening] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (!isThere) return null;
  const upload = async () => {
    setProblem(undefined);
    setIsOpening(true);
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(t('library.noSample'));
      const [id] = uploads.add([{ file: new File([await response.blob()], SAMPLE_NAME, { type: 'image/jpeg' }) }]);
      // The library is not empty any more by then, and this is not on the screen.
      const unsubscribe = uploads.store.subscribe((state) => {
        const upload = state.uploads.find((each) => each.id === id);
        if (upload !== undefined && isOpen(upload)) return;
        unsubscribe();
        setIsOpening(false);
        const stayed = hashPath() === '/';
        if (upload?.state === 'done' && upload.file !== undefined && stayed) goTo(`/photo/${upload.file.id}`);
      });
    } catch (error) {
      setIsOpening(false);
      setProblem((error as Error).message);
    }
  };
  return (
    <div className={classes.sample}>
      <img src={address} alt="" onError={() => setIsThere(false)} />
      <Button
        className={classes.call}
        size="md"
        data-testid="sample"
        leftSection={<IconPointer size={20} aria-hidden />}
        loading={isOpening}
        onClick={() => void upload()}
      >
        {t('library.openSample')}
      </Button>
      {problem !== undefined && <Text role="alert">{problem}</Text>}
    </div>
  );
}

/** Name that the sample photo gets in the library. */
const SAMPLE_NAME = 'sample.jpg';
