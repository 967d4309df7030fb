import { setTimeout as delay } from 'node:timers/promises';
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDescription } from '../acceptance/answer-schemas.ts';
import type { Target } from '../acceptance/client.ts';
import { type RawAnswer, sendRequest } from '../acceptance/send-request.ts';
import { createFaultFinder, type FindFault } from './find-fault.ts';
import { makeKnownThings } from './known-things.ts';
import { listOperations, type Schema } from './operations.ts';
import { type FuzzRequest, requestFor, strayRequest } from './request-for.ts';

/** One line of the report: how an operation answered, and what it must not have answered. */
export interface Row {
  operation: string;
  requests: number;
  /** How many were answered with each status. */
  statuses: Record<string, number>;
  finding: string | undefined;
}

export interface FuzzOptions {
  /** Requests in all, shared out evenly. */
  runs: number;
  seed: number;
}

/** Operations after which what others need is gone. */
const USES_UP = /\/(delete|completemultipartupload)$/;
/** Requests of which any may meet any other. */
const AT_ONCE = 8;
/** No answer may take longer; a job that is posted does not count, because nothing waits for it. */
const TIMEOUT_MS = 20_000;
const LONGEST_QUOTE = 1500;
const SETTLE_PATIENCE_MS = 120_000;

/** Fuzzes every operation of the server's own description. */
export async function runFuzz(target: Target, { runs, seed }: FuzzOptions): Promise<Row[]> {
  const description = (await (await fetch(`${target.url}/openapi.json`)).json()) as ApiDescription;
  const operations = listOperations(description);
  const findFault = createFaultFinder(description);
  const schemas = description.components.schemas as Record<string, Schema>;
  const numRuns = Math.ceil(runs / (operations.length + 1 + AT_ONCE / 2));

  const rows: Row[] = [];
  let known = await makeKnownThings(target, `fuzz ${seed}`);
  for (const [index, operation] of operations.entries()) {
    const requests = requestFor(operation, target.token, { schemas, known });
    rows.push(await fuzz(operation.name, target, fc.tuple(requests), findFault, { numRuns, seed }));
    if (USES_UP.test(operation.path)) known = await makeKnownThings(target, `fuzz ${seed} ${index}`);
  }
  const stray = fc.tuple(strayRequest(operations, target.token));
  rows.push(await fuzz('other paths and methods', target, stray, findFault, { numRuns, seed }));
  const any = fc.oneof(...operations.map((operation) => requestFor(operation, target.token, { schemas, known })));
  const together = fc.array(any, { minLength: AT_ONCE, maxLength: AT_ONCE });
  rows.push(
    await fuzz(`any ${AT_ONCE} at once`, target, together, findFault, { numRuns: Math.ceil(numRuns / 2), seed }),
  );
  rows.push(await stillWorks(target, seed));
  return rows;
}

/** Sends requests that come together at the same time. */
async function fuzz(
  name: string,
  { url }: Target,
  together: Arbitrary<FuzzRequest[]>,
  findFault: FindFault,
  { numRuns, seed }: { numRuns: number; seed: number },
): Promise<Row> {
  const statuses: Record<string, number> = {};
  let sent = 0;
  let hung = false;
  const send = async (request: FuzzRequest) => {
    const { method, path, headers, body } = request;
    sent++;
    let answer: RawAnswer;
    try {
      answer = await sendRequest({ method, url: `${url}${path}`, headers, body }, TIMEOUT_MS);
    } catch (error) {
      hung = /no whole answer/.test((error as Error).message);
      return `is not answered: ${(error as Error).message}`;
    }
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    return findFault(request, answer);
  };
  const property = fc.asyncProperty(together, async (requests) => {
    // A request that is never answered is reported as it is: to shrink it would take for ever.
    if (hung) return;
    const faults = await Promise.all(requests.map(send));
    const found = requests.flatMap((request, index) => (faults[index] ? `${show(request)}\n${faults[index]}` : []));
    if (found.length > 0) throw new Error(found.join('\n'));
  });
  const { failed, counterexample, errorInstance, counterexamplePath } = await fc.check(property, { numRuns, seed });
  if (!failed) return { operation: name, requests: sent, statuses, finding: undefined };
  const others = counterexample![0].length > 1 ? `\namong\n${counterexample![0].map(show).join('\n')}` : '';
  const finding = `${(errorInstance as Error).message}${others}\nseed ${seed}, path ${counterexamplePath}`;
  return { operation: name, requests: sent, statuses, finding };
}

function show({ method, path, headers, body, json }: FuzzRequest): string {
  const secret = headers.map(([name, value]) => [name, value.replace(/(eyJ[\w-]{10})[\w.-]{40,}/, '$1…')]);
  const sent = json === undefined ? body && Buffer.from(body).toString('latin1') : json.value;
  return `${method} ${path} ${JSON.stringify(secret)} ${JSON.stringify(sent) ?? ''}`.slice(0, LONGEST_QUOTE);
}

/** After all this, the server says that it is ready, and a job on a new photo ends Completed. */
async function stillWorks(target: Target, seed: number): Promise<Row> {
  const statuses: Record<string, number> = {};
  const get = async (path: string) => {
    const headers = [['Authorization', `Bearer ${target.token}`]] as const;
    const answer = await sendRequest({ method: 'GET', url: `${target.url}${path}`, headers }, TIMEOUT_MS);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    return { status: answer.status, body: JSON.parse(answer.body.toString()) as { status: string } };
  };
  const check = async () => {
    const ready = await get('/readyz');
    if (ready.status !== 200) return `/readyz is answered ${ready.status}: ${JSON.stringify(ready.body)}`;
    const { jobId } = await makeKnownThings(target, `fuzz ${seed} after`);
    const giveUp = Date.now() + SETTLE_PATIENCE_MS;
    for (;;) {
      const { body } = await get(`/api/v1/projects/${target.project}/context/vision/segment/${jobId![0]}`);
      if (body.status === 'Completed') return undefined;
      if (body.status === 'Failed' || Date.now() > giveUp) return `a job on a photo is ${JSON.stringify(body)}`;
      await delay(100);
    }
  };
  const finding = await check().catch((error: Error) => error.message);
  const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return { operation: 'afterwards: ready, and a job completes', requests, statuses, finding };
}
