import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import type { FileEntry, FileRecord } from './file-record.ts';

/** Callbacks for the life of files, whichever operation, process or direct upload causes the event. */
export interface FileListener {
  /** A file has received content. The upload is answered without waiting for what follows from this. */
  uploaded?(file: FileRecord): void;
  /**
   * Files are about to be deleted by this transaction, which has locked their rows; throwing keeps them. `time` is in
   * milliseconds since 1970-01-01 UTC.
   */
  removing?(transaction: Transaction<Schema>, fileIds: number[], time: number): Promise<void>;
  /**
   * Files have been deleted, with their contents. Errors are logged: the files stay deleted, and sweeps delete what
   * remains.
   */
  removed?(project: string, files: FileEntry[]): Promise<void>;
}

/**
 * The only event source for the life of files: operations announce events, listeners are called in the order of
 * `listen`.
 */
export interface FileLife extends Required<FileListener> {
  listen(listener: FileListener): void;
}

/** Creates an event source without listeners; errors of `removed` are logged. */
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
