import { useCallback, useEffect, useRef, useState } from 'react';
import type { OptionValues, OutputFormat } from '#outputs/output-format';
import { useApi } from '../api/api-context.ts';
import { createWriter } from './create-writer.ts';
import { type ExportProgress, type PhotoWithObjects, runExport } from './run-export.ts';
import { createFileWriter } from './write-picture.ts';

/** Where the objects of an export come from, and what the zip is called. */
export interface ExportSource {
  /** Finds the objects; `tell` says how many photos were looked through. */
  load(signal: AbortSignal, tell: (progress: ExportProgress) => void): Promise<readonly PhotoWithObjects[]>;
  zipName: string;
}

export interface ExportChoice {
  format: OutputFormat;
  options: OptionValues;
  separate: boolean;
  target?: FileSystemFileHandle;
}

/** State of an export. */
export type ExportState =
  | { is: 'idle' }
  | { is: 'running'; progress: ExportProgress }
  | { is: 'done'; files: number }
  | { is: 'failed'; error: Error };

/** Runs exports one at a time; leaving the dialog cancels what runs. */
export function useExport(source: ExportSource) {
  const api = useApi();
  const [state, setState] = useState<ExportState>({ is: 'idle' });
  const running = useRef<AbortController>(undefined);

  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState({ is: 'idle' });
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  const start = async ({ target, ...choice }: ExportChoice) => {
    const abort = new AbortController();
    running.current?.abort();
    running.current = abort;
    const { signal } = abort;
    const tell = (progress: ExportProgress) => {
      if (!signal.aborted) setState({ is: 'running', progress });
    };
    tell({ done: 0, total: undefined, of: 'photos' });
    const writer = createWriter();
    try {
      const photos = await source.load(signal, tell);
      const request = { ...choice, photos, zipName: source.zipName, target };
      const files = await runExport(request, createFileWriter(api, writer), { signal, tell });
      if (!signal.aborted) setState({ is: 'done', files });
    } catch (error) {
      if (!signal.aborted) setState({ is: 'failed', error: error as Error });
    } finally {
      writer.close();
    }
  };
  return { state, start, cancel };
}
