import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import type { FileEntry, FileRecord } from './file-record.ts';

/** Acts on what happens in the life of a file, whichever operation, process or link to the store brought it about. */
export interface FileListener {
  /** A file has got content. The upload is answered without waiting for what follows from it. */
  uploaded?(file: FileRecord): void;
  /**
   * Files are about to be deleted by this transaction, which has locked their rows; what this throws keeps them. `time` is in
   * milliseconds since 1970-01-01 UTC.
   */
  removing?(transaction: Transaction<Schema>, fileIds: number[], time: number): Promise<void>;
  /** Files are gone, with their contents. What this throws is logged: the files stay gone, and sweeps finish what was left. */
  removed?(project: string, files: FileEntry[]): Promise<void>;
}

/** The one way to hear of the life of files: operations announce, listeners hear it in the order in which they came. */
export interface FileLife extends Required<FileListener> {
  listen(listener: FileListener): void;
}

export function createFileLife({ logger }: { logger: Pick<Logger, 'error'> }): FileLife {
  const listeners: FileListener[] = [];
  return {
    listen: (listener) => void listeners.push(listener),
    uploaded(file) {
      for (const listener of listeners) listener.uploaded?.(file);
    },
    async removing(transaction, fileIds, time) {
      for (const listener of listeners) await listener.removing?.(transaction, fileIds, time);
    },
    async removed(project, files) {
      const complain = (error: unknown) => {
        const fileIds = files.map(({ id }) => id);
        logger.error({ err: error, project, fileIds }, 'files were deleted, but not all that belongs to them');
      };
      const tell = async (listener: FileListener) => listener.removed?.(project, files);
      await Promise.all(listeners.map((listener) => tell(listener).catch(complain)));
    },
  };
}
