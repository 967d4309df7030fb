/** Milliseconds for which a browser may take to begin with a download. */
const BEGINS_WITHIN_MS = 60_000;

/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGINS_WITHIN_MS);
}

type SaveFilePicker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

/** Whether a person can choose a file that is written while it is made, so that memory does not bound its size. */
export const canStream = (): boolean => 'showSaveFilePicker' in globalThis;

/**
 * Asks for a file to write to; only right after a click.
 *
 * @throws DOMException `AbortError` if nobody chose one
 */
export const pickFile = (suggestedName: string): Promise<FileSystemFileHandle> =>
  (globalThis as unknown as { showSaveFilePicker: SaveFilePicker }).showSaveFilePicker({ suggestedName });
