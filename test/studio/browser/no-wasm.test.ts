import { afterAll, beforeAll, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio, type StudioPage } from '../../../testing/studio/open-studio.ts';

const BOAT = { x: 0.62, y: 0.645 };

let studio: Studio;
let boats: number;
beforeAll(async () => {
  studio = await openStudio({ initScript: () => Reflect.deleteProperty(globalThis, 'WebAssembly') });
  boats = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
});
afterAll(() => studio?.close());

async function marks(person: StudioPage): Promise<string> {
  await person.openPhoto(boats);
  await person.outlineAt(BOAT);
  await person.clickAt(BOAT);
  return person.statusBecomes(/^Segment, score/);
}

it('a browser without WebAssembly is answered by the server, and shows no error', async () => {
  const status = await marks(studio);
  expect(await studio.page.getByTestId('canvas').getAttribute('data-preview')).toBe('server');
  expect(status).toMatch(/^Segment, score 0\.\d\d, \d+ vertices/);
});

it('a browser whose pages share no memory between threads marks the same', async () => {
  const single = await studio.openAnother({
    initScript: () => Reflect.deleteProperty(globalThis, 'SharedArrayBuffer'),
  });
  expect(await marks(single)).toBe(await studio.status());
});
