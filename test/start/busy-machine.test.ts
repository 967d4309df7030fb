import { type ChildProcess, spawn } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderScene } from '../../testing/render-scene.ts';
import {
  createFolders,
  type Folders,
  type JobAnswer,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

let folders: Folders;
let server: ServerProcess;
const loops: ChildProcess[] = [];

beforeAll(async () => {
  folders = createFolders();
  server = await startServerProcess(folders, { KONTUR_JOB_TIMEOUT_MS: '60000' });
});
afterAll(async () => {
  for (const loop of loops) loop.kill('SIGKILL');
  await server.end('SIGTERM');
  folders.remove();
});

async function newPhoto(name: string, shape: 'ellipse' | 'polygon'): Promise<number> {
  const { rgb, width, height } = renderScene(400, 300, shape);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  return server.upload(name, jpeg);
}

const answer = async (fileId: number, prompt: object): Promise<JobAnswer> =>
  server.settled(await server.post(fileId, prompt));

/** As many points as a prompt may have, all different. */
const manyPoints = Array.from({ length: 100 }, (_, i) => ({
  x: (0.5 + (i % 10)) / 10,
  y: (0.5 + Math.floor(i / 10)) / 10,
  label: Math.hypot((i % 10) - 4.5, Math.floor(i / 10) - 4.5) < 2.5 ? 1 : 0,
}));

describe('on a machine that others keep busy', () => {
  it('a hundred points and clicks on another photo are answered, and clicks do not wait for the points', async () => {
    const [photo, other] = [await newPhoto('many.jpg', 'ellipse'), await newPhoto('other.jpg', 'polygon')];
    const box = { boundingBox: { xMin: 0.2, yMin: 0.2, xMax: 0.8, yMax: 0.8 } };
    await Promise.all([answer(photo, box), answer(other, box)]);
    for (let loop = 0; loop < 4; loop++) loops.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));

    const ended: string[] = [];
    const long = answer(photo, { points: manyPoints }).then((job) => {
      ended.push('points');
      return job;
    });
    const clicks: JobAnswer[] = [];
    for (let click = 0; click < 2; click++) {
      clicks.push(await answer(other, { points: [{ x: 0.4 + click / 10, y: 0.5 }] }));
      ended.push('click');
    }
    for (const job of [await long, ...clicks]) {
      expect(job).toMatchObject({ status: 'Completed', errorMessage: null });
    }
    expect(ended).toEqual(['click', 'click', 'points']);
  });
});
