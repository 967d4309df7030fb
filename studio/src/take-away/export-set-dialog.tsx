import { Button, Checkbox, Progress, Radio } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.ts';
import { formatBytes } from '../library/format-file.ts';
import { Dialog } from '../shell/dialog.tsx';
import { Trouble } from '../shell/trouble.tsx';
import { downloadSet, SET_FORMATS, type SetFormat } from './download-set.ts';
import { canStream, pickFile } from './save-file.ts';
import classes from './take-away.module.css';

/** Which annotations are exported; what is left out is no condition. */
export interface SetFilter {
  status?: string;
  label?: string;
  dataSetId?: number;
}

/** Asks for the format of a set, and downloads it with its progress. */
export function ExportSetDialog({ query, close }: { query: SetFilter; close(): void }) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const [format, setFormat] = useState<SetFormat>('coco');
  const [withPhotos, setWithPhotos] = useState(false);
  const [received, setReceived] = useState(0);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const download = useMutation({
    mutationFn: async () => {
      setReceived(0);
      abort.current = new AbortController();
      const { status, label, dataSetId } = query;
      const asked = { format, status, label, dataSetId, images: withPhotos || undefined };
      try {
        // Right after the click: later no browser would ask. A set with photos may be larger than memory.
        const target = withPhotos && canStream() ? await pickFile('annotations.zip') : undefined;
        return await downloadSet(api, asked, { target, tell: setReceived, signal: abort.current.signal });
      } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') return undefined;
        throw error;
      }
    },
  });
  const size = formatBytes(received, i18n.language);
  return (
    <Dialog title={t('takeAway.setTitle')} size="lg" close={close}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          download.mutate();
        }}
      >
        <p className={classes.is}>{t('takeAway.setWhat')}</p>
        <Radio.Group
          value={format}
          onChange={(value) => setFormat(SET_FORMATS.find((name) => name === value) ?? 'coco')}
          aria-label={t('takeAway.format')}
        >
          <div className={classes.formats}>
            {SET_FORMATS.map((name) => (
              <Radio.Card
                key={name}
                className={classes.format}
                value={name}
                disabled={download.isPending}
                data-testid={`set-format-${name}`}
              >
                <span className={classes.title}>{t(`takeAway.sets.${name}.title`)}</span>
                <span className={classes.is}>{t(`takeAway.sets.${name}.is`)}</span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        <Checkbox
          label={t('takeAway.setImages')}
          checked={withPhotos}
          disabled={download.isPending}
          onChange={({ target }) => setWithPhotos(target.checked)}
        />
        {download.isError && <Trouble error={download.error} retry={() => download.mutate()} />}
        {download.isPending && <Progress value={100} animated aria-label={t('takeAway.progress')} />}
        <output aria-live="polite" data-testid="set-state" data-state={download.status}>
          {download.isPending && t('takeAway.setWriting', { size })}
          {download.data !== undefined && t('takeAway.setDone', { name: download.data, size })}
        </output>
        <div className={classes.foot}>
          {download.isPending && (
            <Button variant="default" onClick={() => abort.current.abort()}>
              {t('takeAway.cancel')}
            </Button>
          )}
          <Button type="submit" data-testid="set-start" loading={download.isPending}>
            {t('takeAway.download')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
