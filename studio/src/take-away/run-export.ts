import { makeZip } from 'client-zip';
import { classLabels } from '#outputs/class-labels';
import { addressOf, type OptionValues, type OutputFormat } from '#outputs/output-format';
import { joinCoco } from './join-coco.ts';
import { collectLabels, type PlannedFile, planFiles } from './plan-files.ts';
import { saveFile } from './save-file.ts';
import type { TakenObject, TakenPhoto } from './taken-object.ts';
import type { FileWriter } from './write-picture.ts';

/** A photo with the objects of it that are exported. */
export interface PhotoWithObjects {
  photo: TakenPhoto;
  objects: readonly TakenObject[];
}

/** How far an export has come. */
export interface ExportProgress {
  done: number;
  /** Undefined while it is not known yet. */
  total: number | undefined;
  /** Whether photos are looked through, or files are written. */
  of: 'photos' | 'files';
}

export interface ExportRequest {
  photos: readonly PhotoWithObjects[];
  format: OutputFormat;
  options: OptionValues;
  /** Whether each object becomes a file of its own. */
  separate: boolean;
  /** Name of the zip, if there are several files. */
  zipName: string;
  /** Where the zip is written while it is made; otherwise it is made in memory and goes to the downloads. */
  target?: FileSystemFileHandle;
}

/**
 * Writes the files of an export: one goes to the downloads as it is, several go there as a zip. COCO has one document of
 * all photos, unless each object becomes a file of its own.
 *
 * @returns number of files; 0 if there were no objects
 * @throws what `FileWriter.write` throws; the reason of `signal` once it is aborted, and then nothing is left
 */
export async function runExport(
  { photos, format, options, separate, zipName, target }: ExportRequest,
  writer: FileWriter,
  { signal, tell }: { signal: AbortSignal; tell: (progress: ExportProgress) => void },
): Promise<number> {
  const labels = collectLabels(photos);
  const files = planFiles(photos, format, { separate });
  const write = ({ photo, objects }: PlannedFile) => writer.write({ photo, objects, format, options, labels }, signal);
  const classes = format.name === 'yolo' && labels !== undefined ? classList(labels, options) : undefined;
  const [only, ...others] = files;
  if (only === undefined) return 0;
  tell({ done: 0, total: files.length, of: 'files' });
  if (others.length === 0 && classes === undefined && target === undefined) {
    saveFile(await write(only), only.name);
    tell({ done: 1, total: 1, of: 'files' });
    return 1;
  }
  if (format.name === 'coco' && !separate) {
    const content = await joinCoco(documents());
    signal.throwIfAborted();
    const name = zipName.replace(/zip$/, addressOf(format));
    if (target === undefined) saveFile(content, name);
    else await content.stream().pipeTo(await target.createWritable(), { signal });
    return 1;
  }
  async function* documents() {
    for (const [place, file] of files.entries()) {
      signal.throwIfAborted();
      yield await write(file);
      tell({ done: place + 1, total: files.length, of: 'files' });
    }
  }
  const lastModified = new Date();
  async function* entries() {
    for (const [place, file] of files.entries()) {
      signal.throwIfAborted();
      yield { name: file.name, input: await write(file), lastModified };
      tell({ done: place + 1, total: files.length, of: 'files' });
    }
    if (classes !== undefined) yield { name: 'classes.txt', input: classes, lastModified };
  }
  const zip = makeZip(entries(), { buffersAreUTF8: true });
  if (target !== undefined) await zip.pipeTo(await target.createWritable(), { signal });
  else {
    const content = await new Response(zip, { headers: { 'content-type': 'application/zip' } }).blob();
    signal.throwIfAborted();
    saveFile(content, zipName);
  }
  return files.length;
}

/** What trainers of YOLO read class names from: one a line, the first of class 0. */
function classList(labels: readonly string[], { class: first = 0 }: OptionValues): string {
  const before = Array.from({ length: Number(first) }, (_, index) => `class${index}`);
  const names = classLabels({ labels, segments: [] }).map((label) => label.replace(/\s+/g, ' '));
  return `${[...before, ...names].join('\n')}\n`;
}
