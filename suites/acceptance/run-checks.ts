import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ApiDescription } from './answer-schemas.ts';
import type { Check } from './check.ts';
import { createClient, type Target } from './client.ts';
import { createWorld } from './world.ts';

/** A check and what came of it: why the server does not keep the rule, or undefined if it does. */
export type Row = Pick<Check, 'operation' | 'rule' | 'mark'> & { failure: string | undefined };

/** Checks that run at the same time: those that wait for jobs would else hold up the others. */
const AT_ONCE = 4;

const readText = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Runs checks against a server. The rows come in the order of the checks, whatever order these end in. */
export async function runChecks(target: Target, checks: readonly Check[]): Promise<Row[]> {
  const contract = parse(readText('../../test/contract/segment.openapi.yaml')) as ApiDescription;
  const world = createWorld(createClient(target, contract, await describedBy(target)), target.project);
  const rows: Row[] = [];
  const waiting = checks.entries();
  const work = async () => {
    for (const [index, { operation, rule, mark, run }] of waiting) {
      const failure = await run(world).then(
        () => undefined,
        (error: Error) => error.message,
      );
      rows[index] = { operation, rule, mark, failure };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await world.cleanUp().catch((error: Error) => process.stderr.write(`clean-up: ${error.message}\n`));
  return rows;
}

/** The server's own description; where it has none, that of this repository. */
async function describedBy({ url }: Target): Promise<ApiDescription> {
  const answer = await fetch(`${url}/openapi.json`).catch(() => undefined);
  const ours = () => JSON.parse(readText('../../docs/openapi.json')) as ApiDescription;
  return answer?.ok ? ((await answer.json()) as ApiDescription) : ours();
}
