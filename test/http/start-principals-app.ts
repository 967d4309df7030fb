import type { InjectOptions } from 'fastify';
import type { Capability } from '../../src/auth/principal.ts';
import { createApp } from '../../src/http/create-app.ts';
import { createAnswerCheck } from './check-answer.ts';
import { type Answer, startTestApp } from './start-test-app.ts';

/** The right to everything that has to do with files, labels and data sets. */
export const EVERYTHING: Capability[] = [
  { acl: 'filesAcl', actions: ['READ', 'WRITE'] },
  { acl: 'labelsAcl', actions: ['READ', 'WRITE'] },
  { acl: 'datasetsAcl', actions: ['READ', 'WRITE', 'OWNER'] },
];

/** A request to a project, whose path follows the project, in the name of someone with these capabilities. */
export type Ask = (
  path: string,
  payload?: object | string,
  caller?: { project?: string; capabilities?: Capability[]; method?: InjectOptions['method']; headers?: object },
) => Promise<Answer>;

/** The app, which takes a bearer token for the capabilities that it spells. Answers are held against its description. */
export async function startPrincipalsApp(): Promise<{ ask: Ask; close: () => Promise<void> }> {
  const t = await startTestApp();
  const app = await createApp({
    ...t.dependencies,
    authenticate: async (authorization = '', project = 'demo') => ({
      subject: 'someone',
      project,
      capabilities: JSON.parse(Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString()),
    }),
  });
  const check = createAnswerCheck((await app.inject('/openapi.json')).json());
  return {
    async ask(path, payload, { project = 'demo', capabilities = EVERYTHING, method = 'POST', headers = {} } = {}) {
      const url = `/api/v1/projects/${project}${path}`;
      const token = Buffer.from(JSON.stringify(capabilities)).toString('base64url');
      const answer = await app.inject({
        method,
        url,
        ...(payload !== undefined && { payload }),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      });
      check(method, url, answer);
      return answer;
    },
    async close() {
      await app.close();
      await t.close();
    },
  };
}
