import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashSecret } from '../src/auth/secret-hash.ts';
import { chooseAddress } from '../src/runtime/choose-address.ts';
import { type Folders, type ServerProcess, startServerProcess } from './server-process.ts';

/** The secret of the client `robot`, and the password of the user `anna`, which both write files of data set 5. */
export const SECRET = 'the secret of the robot';

/**
 * Starts a server with an embedded issuer, `KONTUR_AUTH=builtin`, for the project `plant`.
 *
 * @param users further users with the same password, by name, and what each may do with all files
 */
export async function startBuiltinServer(
  folders: Folders,
  env: Record<string, string> = {},
  users: Record<string, ('READ' | 'WRITE')[]> = {},
): Promise<ServerProcess> {
  const { port, publicUrl } = await chooseAddress({ host: '127.0.0.1', port: 0 });
  const scope = { datasetScope: { ids: [5] } };
  const capabilities = [{ filesAcl: { actions: ['READ', 'WRITE'], scope } }];
  const own = Object.entries(users).map(([name, actions], place) => ({
    id: 2 + place,
    name,
    sourceId: name,
    capabilities: [{ filesAcl: { actions, scope: { all: {} } } }],
  }));
  const secretHash = await hashSecret(SECRET);
  const config = {
    KONTUR_AUTH: 'builtin',
    KONTUR_PUBLIC_URL: publicUrl,
    KONTUR_PROJECTS: { plant: { groups: [{ id: 1, name: 'All', sourceId: 'all', capabilities }, ...own] } },
    KONTUR_CLIENTS: [{ id: 'robot', secretHash, groups: { plant: ['all'] } }],
    KONTUR_USERS: [
      { name: 'anna', passwordHash: secretHash, groups: { plant: ['all'] } },
      ...Object.keys(users).map((name) => ({ name, passwordHash: secretHash, groups: { plant: [name] } })),
    ],
  };
  const file = path.join(folders.base, 'kontur.config.json');
  writeFileSync(file, JSON.stringify(config));
  return startServerProcess(
    folders,
    { KONTUR_CONFIG: file, KONTUR_PORT: String(port), KONTUR_LOG_LEVEL: 'trace', ...env },
    'no token: it makes none for itself',
  );
}
