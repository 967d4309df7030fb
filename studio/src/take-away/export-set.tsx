import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportSetDialog, type SetFilter } from './export-set-dialog.tsx';

/** Exports all annotations that a filter leaves, as one set that the server writes. */
export function ExportSet({ query }: { query: SetFilter }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        data-testid="export-set"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('takeAway.exportSet')}
      </Button>
      {isOpen && <ExportSetDialog query={query} close={() => setOpen(false)} />}
    </>
  );
}
