import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.ts';
import { collectObjects } from './collect-objects.ts';
import type { PhotoWithObjects } from './run-export.ts';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

/** Exports the objects of photos, wherever they are kept. */
export function ExportPhotos({ fileIds }: { fileIds: readonly number[] }) {
  const { t } = useTranslation();
  const api = useApi();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="light"
        data-testid="export"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('takeAway.exportPhotos')}
      </Button>
      <Suspense>
        {isOpen && (
          <ExportDialog
            close={() => setOpen(false)}
            scopes={[
              {
                label: t('takeAway.photosObjects', { count: fileIds.length }),
                photos: fileIds.length,
                zipName: 'photos.zip',
                async load(signal, tell) {
                  const photos: PhotoWithObjects[] = [];
                  for (const fileId of fileIds) {
                    tell({ done: photos.length, total: fileIds.length, of: 'photos' });
                    photos.push(await collectObjects(api, fileId, signal));
                  }
                  return photos;
                },
              },
            ]}
          />
        )}
      </Suspense>
    </>
  );
}
