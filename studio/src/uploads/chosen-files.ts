import { type FileWithPath, fromEvent } from 'file-selector';

/** A file that a person chose, dropped or pasted. */
export interface ChosenFile {
  file: File;
  /** Folder that it came from, such as `/harbour/pier 4`; undefined for a file that came alone. */
  directory?: string;
}

/** Most characters of a folder. */
const MOST_CHARACTERS = 512;

/** Reads the files of an event: of a file dialog, of a drop (folders with all that is in them), or of a paste. */
export async function chosenFiles(event: Event): Promise<ChosenFile[]> {
  const found = (await fromEvent(event)).filter((one) => one instanceof File);
  return found.map((file) => ({ file, ...directoryOf(file as FileWithPath) }));
}

function directoryOf({ relativePath = '' }: FileWithPath): { directory?: string } {
  const folders = relativePath.split('/').filter((name) => name !== '' && name !== '.');
  folders.pop();
  return folders.length === 0 ? {} : { directory: `/${folders.join('/')}`.slice(0, MOST_CHARACTERS) };
}
