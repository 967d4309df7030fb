import { defined } from '#contract/defined';
import type { FileReference } from '#contract/files/file-reference';
import type { Files } from './create-files.ts';
import type { FileEntry, FileRecord } from './file-record.ts';
import type { FindOptions } from './find-files.ts';
import type { UploadSettler } from './settle-uploads.ts';

/**
 * Wraps the operations on files for direct uploads: each operation first ingests what clients have put straight to the
 * store for the files that it reads or writes.
 */
export function settleFirst(files: Files, settler: UploadSettler): Files {
  const completing = new Map<string, Promise<FileRecord>>();

  const findWith =
    <Entry extends FileEntry>(find: Find<Entry>): Find<Entry> =>
    async (project, references, options) => {
      let found = await find(project, references, options);
      for (let tries = 0; tries < MOST_TRIES && found.some(settler.isOpen); tries++) {
        const hadCome = await settler.settle(found);
        // Read again in any case: another process may just have ingested an upload.
        found = await find(project, references, options);
        if (!hadCome) break;
      }
      return found;
    };
  const findEntries = findWith(files.findEntries);

  return {
    ...files,
    settle: settler.settleProject,
    find: findWith(files.find),
    findEntries,
    async list(project, ...query) {
      await settler.settleProject(project);
      return files.list(project, ...query);
    },
    async search(project, ...query) {
      await settler.settleProject(project);
      return files.search(project, ...query);
    },
    async count(project, ...query) {
      await settler.settleProject(project);
      return files.count(project, ...query);
    },
    async create(project, input, options) {
      const { externalId } = input;
      if (options.overwrite && externalId !== undefined) await findEntries(project, [{ externalId }], KNOWN);
      return files.create(project, input, options);
    },
    async update(project, updates, options) {
      await findEntries(project, updates, KNOWN);
      return files.update(project, updates, options);
    },
    async renewUpload(project, reference, options) {
      await findEntries(project, [reference], KNOWN);
      return files.renewUpload(project, reference, options);
    },
    async completeMultipartUpload(project, reference, uploadId, options) {
      const complete = async () => {
        const [file] = await files.findEntries(project, [reference], { ignoreUnknownIds: false });
        await settler.settleParts(defined(file, 'file that was found'), uploadId);
        return files.completeMultipartUpload(project, reference, uploadId, options);
      };
      const running = completing.get(uploadId) ?? complete().finally(() => completing.delete(uploadId));
      completing.set(uploadId, running);
      return running;
    },
  };
}

type Find<Entry> = (project: string, references: FileReference[], options: FindOptions) => Promise<Entry[]>;

/** How often to check again, since another upload may have come meanwhile, or another process may have ingested it. */
const MOST_TRIES = 3;
const KNOWN = { ignoreUnknownIds: true };
