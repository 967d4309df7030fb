import { readFileSync } from 'node:fs';
import type { Engine } from '../src/engine/engine.ts';
import type { ServerProcess } from '../testing/server-process.ts';
import { newHash } from './compare-engines.ts';
import { newCopy, PHOTO, pointPrompt } from './photos.ts';
import type { Row } from './row.ts';
import { POLLS, runConcurrently, runJob } from './run-job.ts';
import { quantile } from './statistics.ts';
import { timed } from './timed.ts';

const CONCURRENT_JOBS = 8;
/** Least throughput, as a share of the encoder's alone. */
const LEAST_SHARE = 0.85;

/**
 * Measures new images a second through HTTP with 8 jobs under way, from the first POST to the last Completed, against
 * those of the encoder alone (file to embedding, one after the other), both as images over time. In interleaved blocks,
 * because 8 jobs have to fill and empty the pipeline, half of the encodes before and half after them; the ratio is that
 * of a block, as the speed of machines varies over time.
 */
export async function measureThroughput(
  { server, engine }: { server: ServerProcess; engine: Engine },
  { blocks, imagesPerBlock }: { blocks: number; imagesPerBlock: number },
): Promise<Row[]> {
  const photo = readFileSync(PHOTO);
  const encodes = Math.max(1, imagesPerBlock / 4);
  const encodeAlone = () =>
    timed(async () => {
      for (let image = 0; image < encodes; image++) await engine.embed({ path: PHOTO, contentHash: newHash() });
    });
  const alone: number[] = [];
  const throughHttp: number[] = [];
  for (let block = 0; block < blocks; block++) {
    const beforeMs = await encodeAlone();
    const fileIds: number[] = [];
    for (let image = 0; image < imagesPerBlock; image++) {
      fileIds.push(await server.upload('new.jpg', newCopy(photo), 'image/jpeg'));
    }
    const jobs = await runConcurrently(
      fileIds.map((fileId) => () => runJob(server, fileId, pointPrompt(), POLLS.client)),
      CONCURRENT_JOBS,
    );
    const elapsed = Math.max(...jobs.map(({ completed }) => completed)) - Math.min(...jobs.map(({ posted }) => posted));
    throughHttp.push((1000 * imagesPerBlock) / elapsed);
    alone.push((2000 * encodes) / (beforeMs + (await encodeAlone())));
  }
  const ratios = throughHttp.map((perSecond, block) => perSecond / alone[block]!);
  return [
    { name: 'the encoder alone', measured: quantile(alone), unit: '/s' },
    { name: 'new images through HTTP, 8 jobs at a time', measured: quantile(throughHttp), unit: '/s' },
    { name: '  ratio to the encoder alone', measured: quantile(ratios), target: { atLeast: LEAST_SHARE } },
  ];
}
