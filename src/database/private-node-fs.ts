import { NodeFS } from '@electric-sql/pglite/nodefs';
import { RIGHTS_OF_OTHERS } from '../runtime/private-folder.ts';

/** The part of Emscripten's file system for Node (its `library_nodefs.js`) that is used here. */
interface NodeFsModule {
  NODEFS: {
    node_ops: { mknod: MakeNode; setattr: SetAttributes };
    stream_ops: { setattr: SetAttributes };
  };
}
type MakeNode = (parent: unknown, name: string, mode: number, device: number) => unknown;
type SetAttributes = (target: unknown, attributes: { mode?: number }) => unknown;

/**
 * File system of a PGlite database whose files only their owner may read or write. PGlite asks for modes that are open
 * to all, and sets them after creation, so that a umask has no effect.
 */
export class PrivateNodeFs extends NodeFS {
  override async init(...settings: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...settings);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [closeNewFiles, ...(emscriptenOpts.preRun ?? [])] } };
  }
}

function closeNewFiles(module: unknown): void {
  const { node_ops, stream_ops } = (module as NodeFsModule).NODEFS;
  const { mknod } = node_ops;
  node_ops.mknod = (parent, name, mode, device) => mknod(parent, name, mode & ~RIGHTS_OF_OTHERS, device);
  for (const operations of [node_ops, stream_ops]) {
    const { setattr } = operations;
    operations.setattr = (target, attributes) => {
      const { mode } = attributes;
      return setattr(target, mode === undefined ? attributes : { ...attributes, mode: mode & ~RIGHTS_OF_OTHERS });
    };
  }
}
