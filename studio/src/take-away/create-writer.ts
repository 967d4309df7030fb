import type { OutputSource } from '#outputs/output-format';

/** What is to be written, and of which segments. */
export type WriteQuestion = {
  source: OutputSource;
  /** Content of the photo's file where its pixels are needed; `same` for that of the question before. */
  photo: Blob | 'same' | undefined;
} & ({ as: 'format'; format: string; options: Readonly<Record<string, unknown>> } | { as: 'cropped cut-out' });

export type WriteAnswer = { blob: Blob } | { error: { name: string; message: string } };

/** Writes segments in a worker, so that the page stays fluent whatever the size of the photo. */
export interface Writer {
  /**
   * Writes one file; one at a time.
   *
   * @throws Error named `EncodingError` or `InvalidStateError` if this browser cannot read the photo; the reason of the
   *   signal once it is aborted, after which the writer is closed
   */
  write(question: WriteQuestion, signal: AbortSignal): Promise<Blob>;
  /** Ends the worker and frees the photo. */
  close(): void;
}

/** Starts a worker that writes segments. */
export function createWriter(): Writer {
  const worker = new Worker(new URL('./writer-worker.ts', import.meta.url), { type: 'module' });
  let sent: Blob | undefined;
  return {
    write: (question, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const isSame = question.photo !== undefined && question.photo === sent;
        if (question.photo !== 'same') sent = question.photo;
        const aborted = () => {
          worker.terminate();
          reject(signal.reason);
        };
        signal.addEventListener('abort', aborted, { once: true });
        worker.onmessage = ({ data }: MessageEvent<WriteAnswer>) => {
          signal.removeEventListener('abort', aborted);
          if ('blob' in data) resolve(data.blob);
          else reject(Object.assign(new Error(data.error.message), { name: data.error.name }));
        };
        worker.onerror = (event) => {
          event.preventDefault();
          signal.removeEventListener('abort', aborted);
          reject(new Error(event.message || 'The worker that writes files did not start.'));
        };
        worker.postMessage(isSame ? { ...question, photo: 'same' } : question);
      }),
    close: () => worker.terminate(),
  };
}
