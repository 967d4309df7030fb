import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Group, GroupCapability } from '#contract/access/group';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createOidcTrusts } from '../../src/auth/create-project-trusts.ts';
import { createApp } from '../../src/http/create-app.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { type KeyServer, startKeyServer } from '../auth/key-server.ts';
import { type Answer, startTestApp, type TestApp, type TestAppOptions } from './start-test-app.ts';

const everywhere = { all: {} };
const inDataSets = (...ids: number[]) => ({ datasetScope: { ids } });
type FilesScope = NonNullable<GroupCapability['filesAcl']>['scope'];

const group = (id: number, sourceId: string, ...capabilities: GroupCapability[]): Group => ({
  id,
  name: `Group ${sourceId}`,
  sourceId,
  capabilities,
});
const files = (actions: ('READ' | 'WRITE')[], scope: FilesScope): GroupCapability => ({ filesAcl: { actions, scope } });

/** The groups of both projects. */
export const GROUPS = [
  group(1, 'admins', files(['READ', 'WRITE'], everywhere), { groupsAcl: { actions: ['LIST'], scope: everywhere } }),
  group(2, 'readers', files(['READ'], everywhere)),
  group(3, 'set-5', files(['READ', 'WRITE'], inDataSets(5))),
  group(4, 'set-6-readers', files(['READ'], inDataSets(6))),
  group(5, 'nodes-of-yard', {
    dataModelInstancesAcl: { actions: ['READ', 'WRITE'], scope: { spaceIdScope: { spaceIds: ['yard'] } } },
  }),
  ...(['READ', 'WRITE', 'SUGGEST', 'REVIEW'] as const).map((action, index) =>
    group(10 + index, `annotations-${action}`, { annotationsAcl: { actions: [action], scope: everywhere } }),
  ),
  group(
    6,
    'all',
    files(['READ', 'WRITE'], everywhere),
    { labelsAcl: { actions: ['READ', 'WRITE'], scope: everywhere } },
    { datasetsAcl: { actions: ['READ', 'WRITE', 'OWNER'], scope: everywhere } },
    { annotationsAcl: { actions: ['READ', 'WRITE', 'SUGGEST', 'REVIEW'], scope: everywhere } },
    { dataModelsAcl: { actions: ['READ', 'WRITE'], scope: everywhere } },
    { dataModelInstancesAcl: { actions: ['READ', 'WRITE'], scope: everywhere } },
  ),
];

export interface AccessApp {
  app: FastifyInstance;
  north: KeyServer;
  south: KeyServer;
  /** A function that asks in the name of someone in these groups, with a token of the project's issuer. */
  as(project: 'north' | 'south', ...groups: string[]): (request: InjectOptions & { url: string }) => Promise<Answer>;
  /** Lines of the log, of every level. */
  lines: string[];
  test: TestApp;
  close(): Promise<void>;
}

/** The app with two projects that trust two issuers, `KONTUR_AUTH=oidc`. */
export async function startAccessApp(
  settings: TestAppOptions['settings'] = {},
  options: Pick<TestAppOptions, 'run' | 'engine'> = {},
): Promise<AccessApp> {
  const lines: string[] = [];
  const test = await startTestApp({ settings, ...options });
  const [north, south] = await Promise.all([startKeyServer(), startKeyServer()]);
  const trusts = createOidcTrusts({
    north: { issuer: north.issuer, audience: 'api://kontur', groups: GROUPS },
    south: { issuer: south.issuer, audience: 'api://kontur', groups: GROUPS },
  });
  const app = await createApp({
    ...test.dependencies,
    logger: createLogger('trace', { write: (line: string) => void lines.push(line) }),
    authenticate: createAuthenticator(trusts),
    trusts,
    issuer: undefined,
  });
  const servers = { north, south };
  return {
    app,
    north,
    south,
    lines,
    test,
    as:
      (project, ...groups) =>
      async (request) =>
        app.inject({
          ...request,
          url: `/api/v1/projects/${project}${request.url}`,
          headers: {
            authorization: `Bearer ${await servers[project].sign({ groups })}`,
            'cdf-version': 'beta',
            ...request.headers,
          },
        }),
    async close() {
      await app.close();
      await Promise.all([test.close(), north.close(), south.close()]);
    },
  };
}
