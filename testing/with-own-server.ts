import type { Target } from '../suites/acceptance/client.ts';
import { createFolders, startServerProcess } from './server-process.ts';

/** Runs something against a server process that is started for it, with separate folders, and ends both afterwards. */
export async function withOwnServer<Result>(use: (target: Target) => Promise<Result>): Promise<Result> {
  const folders = createFolders();
  try {
    const server = await startServerProcess(folders);
    try {
      return await use({ url: server.url, token: server.token, project: 'demo' });
    } finally {
      await server.end('SIGTERM');
    }
  } finally {
    folders.remove();
  }
}
