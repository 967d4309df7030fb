import type { Files } from './create-files.ts';
import type { FileRecord } from './file-record.ts';
import type { UploadSettler } from './settle-uploads.ts';

/**
 * Files whose contents clients put straight to the store: each operation first takes in what has come there for the files that it
 * is about.
 */
export function settleFirst(files: Files, settler: UploadSettler): Files {
  const completing = new Map<string, Promise<FileRecord>>();

  const find: Files['find'] = async (project, references, options) => {
    let found = await files.find(project, references, options);
    for (let tries = 0; tries < MOST_TRIES && found.some(settler.isOpen); tries++) {
      const hadCome = await settler.settle(found);
      // Even if nothing had: another process may just have settled it.
      found = await files.find(project, references, options);
      if (!hadCome) break;
    }
    return found;
  };

  return {
    ...files,
    settle: settler.settleProject,
    find,
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
      if (options.overwrite && externalId !== undefined) await find(project, [{ externalId }], KNOWN);
      return files.create(project, input, options);
    },
    async update(project, updates, options) {
      await find(project, updates, KNOWN);
      return files.update(project, updates, options);
    },
    async renewUpload(project, reference, options) {
      await find(project, [reference], KNOWN);
      return files.renewUpload(project, reference, options);
    },
    async completeMultipartUpload(project, reference, uploadId, options) {
      const complete = async () => {
        const [file] = await files.find(project, [reference], { ignoreUnknownIds: false });
        await settler.settleParts(file!, uploadId);
        return files.completeMultipartUpload(project, reference, uploadId, options);
      };
      const running = completing.get(uploadId) ?? complete().finally(() => completing.delete(uploadId));
      completing.set(uploadId, running);
      return running;
    },
  };
}

/** Of looking again, since something else may have come meanwhile, or another process been in the way. */
const MOST_TRIES = 3;
const KNOWN = { ignoreUnknownIds: true };
