import { Button } from '@mantine/core';
import { IconCheck, IconCode, IconCut, IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { activeObject } from '../objects/photo-objects.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import { Trouble } from '../shell/trouble.tsx';
import type { ExportScope } from './export-dialog.tsx';
import { readPhoto } from './read-photo.ts';
import classes from './take-away.module.css';
import { type TakenObject, takeObject } from './taken-object.ts';
import { useCutOut } from './use-cut-out.ts';

// Loaded when they are asked for: they bring every format with them.
const CodeDialog = lazy(async () => ({ default: (await import('./code-dialog.tsx')).CodeDialog }));
const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

/**
 * What an opened photo can be exported as: a cut-out and code of the object that is worked on, otherwise of the last
 * one, and every format of any objects.
 */
export function TakeAway({ store, fileId }: { store: PhotoStore; fileId: number }) {
  const { t } = useTranslation();
  const api = useApi();
  const present = useStore(store, ({ history }) => history.present);
  const [dialog, setDialog] = useState<'code' | 'export'>();
  const cutOut = useCutOut(fileId);
  const all = present.objects.flatMap((object) => takeObject(object) ?? []);
  const active = activeObject(present);
  const current = (active && takeObject(active)) ?? all.at(-1);
  const isNone = current === undefined;

  const scopeOf = (label: string, objects: readonly TakenObject[]): ExportScope => ({
    label,
    photos: 1,
    zipName: `photo-${fileId}.zip`,
    load: async (signal) => [{ photo: await readPhoto(api, fileId, signal), objects }],
  });
  const scopes: [ExportScope, ...ExportScope[]] = [scopeOf(t('takeAway.allObjects', { count: all.length }), all)];
  if (all.length > 1 && current !== undefined) scopes.push(scopeOf(t('takeAway.thisObject'), [current]));

  return (
    <div className={classes.buttons}>
      <Button
        px="xs"
        variant="default"
        data-testid="copy-cut-out"
        disabled={isNone}
        loading={cutOut.isPending}
        leftSection={cutOut.isSuccess ? <IconCheck size={16} aria-hidden /> : <IconCut size={16} aria-hidden />}
        onClick={() => current && cutOut.mutate(current)}
      >
        {cutOut.isSuccess
          ? t(cutOut.data === 'copied' ? 'takeAway.copied' : 'takeAway.saved')
          : t('takeAway.copyCutOut')}
      </Button>
      <Button
        px="xs"
        variant="default"
        data-testid="copy-code"
        disabled={isNone}
        leftSection={<IconCode size={16} aria-hidden />}
        onClick={() => setDialog('code')}
      >
        {t('takeAway.copyCode')}
      </Button>
      <Button
        className={classes.wide}
        variant="default"
        data-testid="export"
        disabled={isNone}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => setDialog('export')}
      >
        {t('takeAway.export', { count: all.length })}
      </Button>
      <output className={classes.said} aria-live="polite" data-testid="cut-out-state" data-state={cutOut.status}>
        {cutOut.isPending && t('takeAway.cutting')}
        {cutOut.isSuccess && t(cutOut.data === 'copied' ? 'takeAway.cutOutCopied' : 'takeAway.cutOutSaved')}
      </output>
      {cutOut.isError && (
        <div className={classes.wide}>
          <Trouble error={cutOut.error} retry={() => current && cutOut.mutate(current)} />
        </div>
      )}
      <Suspense>
        {dialog === 'code' && current !== undefined && (
          <CodeDialog
            close={() => setDialog(undefined)}
            request={{
              baseUrl: location.origin,
              project: api.project,
              fileId,
              prompt: current.prompt,
              segment: current.segment,
            }}
          />
        )}
        {dialog === 'export' && <ExportDialog scopes={scopes} close={() => setDialog(undefined)} />}
      </Suspense>
    </div>
  );
}
