import { readFileSync } from 'node:fs';
import type { Prompt } from '#contract/vision/prompt';
import type { Engine } from '../src/engine/engine.ts';
import type { ServerProcess } from '../testing/server-process.ts';
import { newHash } from './compare-engines.ts';
import { boxPrompt, newCopy, PHOTO, POINT, pointPrompt } from './photos.ts';
import type { Row } from './row.ts';
import { type JobTimes, POLLS, runJob } from './run-job.ts';
import type { ShippedGraphs } from './shipped-graphs-process.ts';
import { quantile } from './statistics.ts';
import { timedAfterRest } from './timed.ts';

const PROMPTS: Record<string, () => Prompt> = { 'one point': pointPrompt, 'a box': boxPrompt };

/**
 * Targets as multiples of the shipped graphs' decode alone: at rest the median, while another image is encoded the 95th
 * percentile.
 */
const AT_REST = 1.5;
const WHILE_ENCODING = 4;
const NEXT_CLICK = 1.05;
/** Clicks on a photo before its next one is opened. */
const FIRST_CLICKS = 10;
const OVERHEAD_MS = 15;
const START_MS = 20;

/**
 * Measures prompts on a known image through HTTP, from POST to Completed, against one click on it with the shipped
 * graphs and against the decode of the same prompt in an engine called directly: all interleaved, each after a rest
 * (timed.ts). The time of a job besides the engine's comes from the server's log.
 *
 * @param server logs at level `info`
 */
export async function measurePrompts(
  { server, engine, shipped }: { server: ServerProcess; engine: Engine; shipped: ShippedGraphs },
  { rounds, samplesWhileEncoding }: { rounds: number; samplesWhileEncoding: number },
): Promise<Row[]> {
  const fileId = await server.upload('boats.jpg', readFileSync(PHOTO), 'image/jpeg');
  const known = { path: PHOTO, contentHash: newHash() };
  await engine.embed(known);
  await shipped.run('encode', PHOTO, POINT);
  const rows = await measureFirstClicks({ server, shipped }, { fileId, rounds });
  for (const [name, newPrompt] of Object.entries(PROMPTS)) {
    const theirs: number[] = [];
    const decodes: number[] = [];
    const jobs: JobTimes[] = [];
    for (let round = 0; round < rounds; round++) {
      theirs.push(await timedAfterRest(() => shipped.run('decode', PHOTO, POINT)));
      decodes.push(await timedAfterRest(() => engine.decode(known, newPrompt())));
      jobs.push(await runJob(server, fileId, newPrompt()));
    }
    const overheads = jobs.map((job) => durationOf(job) - engineMsOf(server, job));
    const baseline = { theirs: quantile(theirs), ours: quantile(decodes) };
    const loaded = await whileEncoding(server, () => runJob(server, fileId, newPrompt()), samplesWhileEncoding);
    rows.push(
      { name: `decode alone, ${name}`, measured: baseline.ours, unit: 'ms' },
      { name: '  the shipped graphs, one click', measured: baseline.theirs, unit: 'ms' },
      ...withRatios(`${name} on a known image through HTTP, p50`, quantile(jobs.map(durationOf)), baseline, AT_REST),
      ...withRatios(
        `${name}, while another image is encoded, p95`,
        quantile(loaded.map(durationOf), 0.95),
        baseline,
        WHILE_ENCODING,
      ),
      {
        name: `job overhead, ${name}, p50`,
        measured: quantile(overheads),
        unit: 'ms',
        target: { atMost: OVERHEAD_MS },
        note: "POST to Completed less the engine's own time in the same job",
      },
    );
    const waits = jobs.map(({ created, started }) => started - created);
    if (name === 'one point') {
      rows.push({
        name: 'start of work after POST, at rest, p50',
        measured: quantile(waits),
        unit: 'ms',
        target: { atMost: START_MS },
      });
    }
  }
  return rows;
}

/**
 * Clicks as the first person at a new server makes them: on a photo that has just been opened by another one. Code is
 * not compiled yet (docs/decisions/0040-statements-of-a-job.md), and other measurements of this file come after it.
 */
async function measureFirstClicks(
  { server, shipped }: { server: ServerProcess; shipped: ShippedGraphs },
  { fileId, rounds }: { fileId: number; rounds: number },
): Promise<Row[]> {
  await runJob(server, fileId, pointPrompt());
  const theirs: number[] = [];
  const jobs: JobTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await timedAfterRest(() => shipped.run('decode', PHOTO, POINT)));
    jobs.push(await runJob(server, fileId, pointPrompt()));
  }
  const first = { theirs: theirs.slice(0, FIRST_CLICKS), jobs: jobs.slice(0, FIRST_CLICKS) };
  const ms = quantile(first.jobs.map(durationOf));
  const name = `next click on a photo just opened through HTTP, p50 of the first ${FIRST_CLICKS}`;
  return [
    { name, measured: ms, unit: 'ms' },
    {
      name: "  ratio to the shipped graphs' decode",
      measured: ms / quantile(first.theirs),
      target: { atMost: NEXT_CLICK },
      note: name,
    },
  ];
}

const durationOf = ({ posted, completed }: JobTimes) => completed - posted;

/** Time of the engine in a job, from the server's log. */
function engineMsOf(server: ServerProcess, { jobId }: JobTimes): number {
  const lines = server.output().stderr.split('\n');
  const line = lines.findLast((line) => line.includes(`"jobId":${jobId},`) && line.includes('"engineMs"'));
  if (line === undefined) throw new Error(`the server's log does not tell the engine's time in job ${jobId}`);
  return (JSON.parse(line) as { engineMs: number }).engineMs;
}

const withRatios = (
  name: string,
  ms: number,
  { theirs, ours }: { theirs: number; ours: number },
  atMost: number,
): Row[] => [
  { name, measured: ms, unit: 'ms' },
  { name: "  ratio to the shipped graphs' decode", measured: ms / theirs, target: { atMost }, note: name },
  { name: '  ratio to the decode alone', measured: ms / ours },
];

/**
 * Two clients send new photos, one job each at a time, so that the encoder is never idle while the samples are taken.
 */
async function whileEncoding(
  server: ServerProcess,
  sample: () => Promise<JobTimes>,
  count: number,
): Promise<JobTimes[]> {
  const photo = readFileSync(PHOTO);
  let isOver = false;
  const sendNewPhotos = async () => {
    while (!isOver) {
      const fileId = await server.upload('new.jpg', newCopy(photo), 'image/jpeg');
      await runJob(server, fileId, pointPrompt(), POLLS.client);
    }
  };
  const clients = [sendNewPhotos(), sendNewPhotos()];
  const samples: JobTimes[] = [];
  try {
    for (let index = 0; index < count; index++) samples.push(await sample());
  } finally {
    isOver = true;
    await Promise.all(clients);
  }
  return samples;
}
