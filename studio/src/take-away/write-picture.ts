import { addressOf, type OptionValues, type OutputFormat } from '#outputs/output-format';
import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import { postJob, waitForJob } from '../photo/save-object.ts';
import type { Writer } from './create-writer.ts';
import { isUnreadable, readContent } from './read-photo.ts';
import { type TakenObject, type TakenPhoto, toOutputSource } from './taken-object.ts';

/** A file to be written: what of, and in which format. */
export interface FileRequest {
  photo: TakenPhoto;
  objects: readonly TakenObject[];
  format: OutputFormat;
  options: OptionValues;
  /** Labels in the order of their classes. */
  labels?: readonly string[];
}

/** Says that several objects of a photo that this browser cannot read were to be in one picture. */
export class UnreadablePhoto extends Error {
  override readonly name = 'UnreadablePhoto';
}

/** Writes the files of photos, each photo read once as long as its files follow each other. */
export interface FileWriter {
  /** @throws ApiError; UnreadablePhoto; the reason of `signal` once it is aborted */
  write(request: FileRequest, signal: AbortSignal): Promise<Blob>;
  /** Writes a PNG of an object as large as that, cut out of the photo. @throws as `write` does */
  cutOut(photo: TakenPhoto, object: TakenObject, signal: AbortSignal): Promise<Blob>;
}

/**
 * Creates a writer of files. Pictures are made in the browser from the photo's file; where browsers cannot read it, the
 * server makes them.
 */
export function createFileWriter(api: Api, writer: Writer): FileWriter {
  let last: { id: number; content: Promise<Blob> } | undefined;
  const contentOf = (id: number, signal: AbortSignal) => {
    if (last?.id !== id) last = { id, content: waitPatiently(() => readContent(api, id, signal), signal) };
    return last.content;
  };

  return {
    async write({ photo, objects, format, options, labels }, signal) {
      const source = toOutputSource(photo, objects, labels);
      try {
        const content = format.needs.includes('photo') ? await contentOf(photo.id, signal) : undefined;
        return await writer.write({ as: 'format', format: format.name, options, source, photo: content }, signal);
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        const [only, ...others] = objects;
        if (only === undefined || others.length > 0) throw new UnreadablePhoto(photo.name, { cause: error });
        return fetchPicture(api, photo.id, only, { format, options }, signal);
      }
    },
    async cutOut(photo, object, signal) {
      const source = toOutputSource(photo, [object]);
      const crop = (content: Blob) => writer.write({ as: 'cropped cut-out', source, photo: content }, signal);
      try {
        return await crop(await contentOf(photo.id, signal));
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        const format = { name: 'cutout', extension: 'png' };
        return crop(await fetchPicture(api, photo.id, object, { format, options: {} }, signal));
      }
    },
  };
}

/** A picture as the server makes it from a job: that which the object was saved as, otherwise a new one. */
async function fetchPicture(
  api: Api,
  fileId: number,
  { jobId: saved, prompt, segment }: TakenObject,
  { format, options }: { format: Pick<OutputFormat, 'name' | 'extension'>; options: OptionValues },
  signal: AbortSignal,
): Promise<Blob> {
  const jobId = saved ?? (await waitPatiently(() => postJob(api, fileId, prompt, signal), signal));
  if (saved === undefined) await waitForJob(api, jobId, signal);
  const query = new URLSearchParams(Object.entries({ ...options, segment }).map(([name, value]) => [name, `${value}`]));
  const address = `kontur/segment/${jobId}/${addressOf(format)}?${query}`;
  return (await waitPatiently(() => api.fetch(address, { signal }), signal)).blob();
}
