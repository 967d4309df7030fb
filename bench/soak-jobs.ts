import { readFileSync } from 'node:fs';
import type { Prompt } from '#contract/vision/prompt';
import type { ServerProcess } from '../testing/server-process.ts';
import { boxPrompt, newCopy, PHOTO, pointPrompt, resizedPhoto } from './photos.ts';
import { runJob } from './run-job.ts';

/** Runs a job of the mix to its end, with a photo that it uploads and deletes if it needs a new one. */
export type SoakJob = () => Promise<void>;

const refinedPrompt = (): Prompt => ({
  ...boxPrompt(),
  points: [
    { x: 0.8, y: 0.9, label: 1 },
    { x: 0.7, y: 0.8, label: 0 },
  ],
});

const PROGRESSIVE_ROUND = 4;

/**
 * Creates the mix of jobs, which repeats every ten jobs: prompts on a known photo, and new photos in three sizes. The
 * largest is progressive every fourth time, which takes a decoder of JPEGs the most memory.
 *
 * @param folder for the photos
 */
export async function createSoakJobs(server: ServerProcess, folder: string, count: number): Promise<SoakJob[]> {
  const known = await server.upload('known.jpg', readFileSync(PHOTO), 'image/jpeg');
  const small = readFileSync(PHOTO);
  const medium = readFileSync(await resizedPhoto(folder, 4000, 3000));
  const rounds = Math.ceil(count / 10);
  const large = readFileSync(await resizedPhoto(folder, 8192, 6144));
  // Slow to make, so only if the run is long enough to use it.
  const largeProgressive =
    rounds < PROGRESSIVE_ROUND ? large : readFileSync(await resizedPhoto(folder, 8192, 6144, { progressive: true }));

  const onKnown =
    (prompt: Prompt): SoakJob =>
    async () =>
      void (await runJob(server, known, prompt));
  const onNew =
    (photo: Buffer, prompt: Prompt): SoakJob =>
    async () => {
      const fileId = await server.upload('new.jpg', newCopy(photo), 'image/jpeg');
      await runJob(server, fileId, prompt);
      await server.call('POST', '/files/delete', { items: [{ id: fileId }] });
    };
  const round = (index: number): SoakJob[] => [
    onKnown(pointPrompt()),
    onNew(small, pointPrompt()),
    onKnown(boxPrompt()),
    onNew(medium, boxPrompt()),
    onKnown(refinedPrompt()),
    onNew((index + 1) % PROGRESSIVE_ROUND === 0 ? largeProgressive : large, pointPrompt()),
    onKnown(pointPrompt()),
    onNew(small, refinedPrompt()),
    onKnown(boxPrompt()),
    onNew(small, boxPrompt()),
  ];
  return Array.from({ length: rounds }, (_, index) => round(index))
    .flat()
    .slice(0, count);
}
