import { Button, Group, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.ts';
import { Dialog } from '../shell/dialog.tsx';
import { deleteFiles } from './delete-files.ts';
import { useLibrary } from './library-context.ts';
import { without } from './selection.ts';

/** Asks before the selected files are deleted, deletes them, and says which were not and why. */
export function DeleteDialog({ close }: { close: () => void }) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const { library, source } = useLibrary();
  const [ids] = useState(() => [...library.selection.getState().ids]);
  const [tried, setTried] = useState<number>();
  const [failed, setFailed] = useState<{ count: number; reason: string }>();
  const shown = new Intl.NumberFormat(i18n.language).format(ids.length);
  const isRunning = tried !== undefined && failed === undefined;

  const run = async () => {
    setTried(0);
    setFailed(undefined);
    const result = await deleteFiles(api, ids, setTried);
    const gone = new Set(result.deleted);
    source.remove(gone);
    library.selection.setState((now) => without(now, gone), true);
    library.failures.setState(new Map(result.failed.map(({ id, reason }) => [id, reason])), true);
    const [first] = result.failed;
    if (first === undefined) close();
    else setFailed({ count: result.failed.length, reason: first.reason.message });
  };

  return (
    <Dialog title={t('library.deleteTitle', { count: ids.length, shown })} isHeld={isRunning} close={close}>
      {failed === undefined ? (
        <Text>{t('library.deleteWhat', { count: ids.length })}</Text>
      ) : (
        <Text role="alert">
          {t('library.deleteFailed', { count: failed.count })} <bdi>{failed.reason}</bdi>
        </Text>
      )}
      {isRunning && <Progress mt="md" value={(100 * tried) / ids.length} aria-label={t('library.deleteProgress')} />}
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={close} disabled={isRunning}>
          {t(failed === undefined ? 'library.cancel' : 'library.close')}
        </Button>
        {failed === undefined && (
          <Button color="red.9" onClick={() => void run()} loading={isRunning} data-autofocus>
            {t('library.delete')}
          </Button>
        )}
      </Group>
    </Dialog>
  );
}
