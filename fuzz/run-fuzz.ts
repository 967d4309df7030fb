import { setTimeout as delay } from 'node:timers/promises';
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDescription } from '../acceptance/answer-schemas.ts';
import { type RawAnswer, sendRequest } from '../acceptance/send-request.ts';
import { createFaultFinder, type FindFault } from './find-fault.ts';
import { makeKnownThings, type Target } from './known-things.ts';
import { listOperations, type Operation, type Schema } from './operations.ts';
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
  const numRuns = Math.ceil(runs / (operations.length + 1));

  const rows: Row[] = [];
  for (const [index, operation] of operations.entries()) {
    const known = await makeKnownThings(target, `fuzz ${seed} ${index}`);
    const requests = requestFor(operation, target.token, { schemas, known });
    rows.push(await fuzz(target, requests, findFault, { numRuns, seed }, operation));
  }
  rows.push(await fuzz(target, strayRequest(operations, target.token), findFault, { numRuns, seed }));
  rows.push(await stillWorks(target, seed));
  return rows;
}

async function fuzz(
  { url }: Target,
  requests: Arbitrary<FuzzRequest>,
  findFault: FindFault,
  { numRuns, seed }: { numRuns: number; seed: number },
  operation?: Operation,
): Promise<Row> {
  const statuses: Record<string, number> = {};
  let sent = 0;
  let hung = false;
  const property = fc.asyncProperty(requests, async (request) => {
    // A request that is never answered is reported as it is: to shrink it would take for ever.
    if (hung) return;
    sent++;
    let answer: RawAnswer;
    try {
      const { method, path, headers, body } = request;
      answer = await sendRequest({ method, url: `${url}${path}`, headers, body }, TIMEOUT_MS);
    } catch (error) {
      hung = /no whole answer/.test((error as Error).message);
      throw new Error(`is not answered: ${(error as Error).message}`);
    }
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const fault = findFault(request, answer, operation);
    if (fault !== undefined) throw new Error(fault);
  });
  const { failed, counterexample, errorInstance, counterexamplePath } = await fc.check(property, { numRuns, seed });
  const finding = failed
    ? `${show(counterexample![0])}\n${(errorInstance as Error).message}\nseed ${seed}, path ${counterexamplePath}`
    : undefined;
  return { operation: operation?.name ?? 'other paths and methods', requests: sent, statuses, finding };
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
