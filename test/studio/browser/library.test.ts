import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/open-database.ts';
import { randomId } from '../../../src/database/random-id.ts';
import { createFolders, PHOTO } from '../../../testing/server-process.ts';
import { cutConnections } from '../../../testing/studio/cut-connections.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

/** Largest upload that the server of these tests takes: a little more than the photo. */
const MOST_BYTES = 400_000;
const MANY = 10_000;

const folders = createFolders();
let studio: Studio;
let page: Page;
const open = async () => {
  studio = await openStudio({ folders, env: { KONTUR_MAX_UPLOAD_BYTES: String(MOST_BYTES) } });
  page = studio.page;
};
beforeAll(open);
afterAll(async () => {
  await studio?.close();
  folders.remove();
});

const cards = () => page.getByTestId('card');
const cardOf = (name: string) => cards().filter({ has: page.getByText(name, { exact: true }) });
const uploadItem = (name: string) => page.getByTestId('upload-item').filter({ hasText: name });
const photo = (name: string, buffer = PHOTO) => ({ name, mimeType: 'image/jpeg', buffer });
const choose = (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.getByTestId('upload').locator('input').setInputFiles(files);
const showAll = async () => {
  await page.evaluate(() => {
    location.hash = '#/';
  });
  await cards().first().waitFor();
};
/** Makes the page send at so many bytes a second; as fast as it can with -1. */
const sendAt = async (uploadThroughput: number) => {
  const session = await page.context().newCDPSession(page);
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
  await session.send('Network.emulateNetworkConditions', conditions);
};

describe('a fresh library', () => {
  it('shows the sample photo and three sentences, and a click opens it', async () => {
    // Servers that bring the sample answer that it is there.
    const sample = { name: 'boats.jpg', externalId: 'kontur-sample', mimeType: 'image/jpeg' };
    const { body } = await studio.server.call<{ uploadUrl?: string }>('POST', '/files', sample);
    if (body.uploadUrl !== undefined) await fetch(body.uploadUrl, { method: 'PUT', body: PHOTO });
    await page.reload();
    await page.getByTestId('sample').locator('img').waitFor();
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      'Move over the photo.',
      'Click an object.',
      'Copy the outline.',
    ]);
    expect(await page.getByRole('textbox').count()).toBe(0);
    await page.getByTestId('sample').click();
    await page.getByTestId('canvas').waitFor();
    await page.goBack();
    await page.getByTestId('sample').waitFor();
  });
});

describe('uploads', () => {
  it('from the dialog show their progress, and appear in the grid to be opened', async () => {
    await sendAt(250_000);
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('upload').click();
    await (await chooser).setFiles([photo('first.jpg'), photo('second.jpg')]);
    const bar = uploadItem('first.jpg').getByRole('progressbar');
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(100);
    await cardOf('first.jpg')
      .getByText(/\d+ % of 3\d\d kB/)
      .waitFor();

    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => setTimeout(() => location.reload()));
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();

    await page.evaluate(() => {
      location.hash = '#/jobs';
    });
    await page.getByTestId('uploads').waitFor();
    await sendAt(-1);
    await page.getByTestId('uploads').getByText('2 photos uploaded').waitFor();
    await showAll();
    await cardOf('second.jpg').getByTestId('thumbnail').waitFor();
    await cardOf('first.jpg').getByRole('link').click();
    await page.getByTestId('canvas').waitFor();
    await showAll();
  });

  it('that are dropped bring the folders that they come from', async () => {
    const folder = path.join(folders.base, 'harbour');
    mkdirSync(path.join(folder, 'pier 4'), { recursive: true });
    writeFileSync(path.join(folder, 'pier 4', 'crane.jpg'), PHOTO);
    writeFileSync(path.join(folder, 'quay.jpg'), PHOTO);
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
      if (type === 'dragOver') await page.getByText('Drop photos or folders to upload them').waitFor();
    }
    await cardOf('crane.jpg').getByTestId('thumbnail').waitFor();
    await cardOf('quay.jpg').getByTestId('thumbnail').waitFor();
    const { body } = await studio.server.call<{ items: { name: string; directory?: string }[] }>('GET', '/files');
    const places = new Map(body.items.map(({ name, directory }) => [name, directory]));
    expect([places.get('crane.jpg'), places.get('quay.jpg')]).toEqual(['/harbour/pier 4', '/harbour']);
  });

  it('of pasted pictures get a name', async () => {
    await page.evaluate((bytes) => {
      const clipboardData = new DataTransfer();
      const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      clipboardData.items.add(new File([content], 'image.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, PHOTO.toString('base64'));
    await cards()
      .filter({ hasText: /^pasted \d{4}-\d\d-\d\d/ })
      .getByTestId('thumbnail')
      .waitFor();
  });

  it('say before they are sent what is no photo', async () => {
    await choose(
      { name: 'IMG_1.HEIC', mimeType: 'image/heic', buffer: Buffer.from('....ftypheic') },
      { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('notes') },
      { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    );
    await uploadItem('IMG_1.HEIC').getByText('save it as JPEG or PNG').waitFor();
    await uploadItem('notes.jpg').getByText('Not a photo').waitFor();
    await uploadItem('empty.jpg').getByText('there is nothing in this file').waitFor();
    await page.getByRole('button', { name: 'Close the list' }).click();
    await expect.poll(() => page.getByTestId('uploads').count()).toBe(0);
  });

  it('that break off stay with the reason, and go through when tried again', async () => {
    studio.expectFaults(/files\/storage\/content/);
    await page.route('**/files/storage/content**', (route) => route.abort('connectionreset'));
    await choose(photo('broken-off.jpg'));
    await uploadItem('broken-off.jpg').getByText('The connection was lost').waitFor();
    await cardOf('broken-off.jpg').getByRole('button', { name: 'Retry' }).waitFor();
    await page.unroute('**/files/storage/content**');
    await uploadItem('broken-off.jpg').getByRole('button', { name: 'Retry' }).click();
    await cardOf('broken-off.jpg').getByTestId('thumbnail').waitFor();
    expect(await cardOf('broken-off.jpg').count()).toBe(1);
  });

  it('whose connection is cut in the middle leave no half photo behind, and are whole when tried again', async () => {
    studio.expectFaults(/files\/storage\/content/);
    const cutter = await cutConnections(studio.server.url, 100_000);
    await page.route('**/files/storage/content**', (route) => {
      const { pathname, search } = new URL(route.request().url());
      return route.continue({ url: cutter.url + pathname + search });
    });
    await choose(photo('cut-off.jpg'));
    await uploadItem('cut-off.jpg').getByText('The connection was lost before all of it had arrived').waitFor();
    expect(cutter.cuts()).toBeGreaterThan(0);
    type Found = { items: { id: number; uploaded: boolean; downloadUrl: string }[] };
    const found = async () =>
      (await studio.server.call<Found>('POST', '/files/list', { filter: { name: 'cut-off.jpg' } })).body.items;
    expect((await found()).map(({ uploaded }) => uploaded)).toEqual([false]);
    await page.unroute('**/files/storage/content**');
    cutter.close();
    await uploadItem('cut-off.jpg').getByRole('button', { name: 'Retry' }).click();
    await cardOf('cut-off.jpg').getByTestId('thumbnail').waitFor();
    const [file, ...others] = await found();
    expect([file?.uploaded, others]).toEqual([true, []]);
    const link = await studio.server.call<Found>('POST', '/files/downloadlink', { items: [{ id: file!.id }] });
    const content = await fetch(link.body.items[0]!.downloadUrl).then((response) => response.arrayBuffer());
    expect(Buffer.compare(Buffer.from(content), PHOTO)).toBe(0);
  });

  it.each([
    [403, 'record', '**/projects/demo/files', 'You may not add files to this project'],
    [507, 'record', '**/projects/demo/files', 'The disk of the server is full'],
    [507, 'content', '**/files/storage/content**', 'The disk of the server is full'],
  ])('that the server refuses with %i for the %s say what to do', async (status, part, address, text) => {
    studio.expectFaults(/\/files \(|\/files\)|files\/storage\/content/);
    const name = `refused-${status}-${part}.jpg`;
    await page.route(address, (route) => route.fulfill({ status, json: { error: { message: 'no' } } }));
    await choose(photo(name));
    await uploadItem(name).getByText(text).waitFor();
    await page.unroute(address);
    await uploadItem(name).getByRole('button', { name: 'Retry' }).click();
    await cardOf(name).getByTestId('thumbnail').waitFor();
    expect(await cardOf(name).count()).toBe(1);
  });

  it('that are too large say so, and leave no empty file behind when they are taken off the list', async () => {
    await choose(photo('large.jpg', Buffer.concat([PHOTO, Buffer.alloc(MOST_BYTES)])));
    await uploadItem('large.jpg').getByText(`limit of ${MOST_BYTES} bytes`).waitFor();
    await uploadItem('large.jpg').getByRole('button', { name: 'Take large.jpg off the list' }).click();
    await expect.poll(() => cardOf('large.jpg').count()).toBe(0);
    const named = { filter: { name: 'large.jpg' } };
    const count = async () =>
      (await studio.server.call<{ items: { count: number }[] }>('POST', '/files/aggregate', named)).body.items[0]
        ?.count;
    await expect.poll(count).toBe(0);
  });

  it('wait for a busy server as long as it says, and go on by themselves', async () => {
    for (const [part, address] of [
      ['record', '**/projects/demo/files'],
      ['content', '**/files/storage/content**'],
    ] as const) {
      let refusals = 0;
      await page.route(address, async (route) => {
        refusals += 1;
        if (refusals > 1) return route.continue();
        return route.fulfill({ status: 429, headers: { 'retry-after': '1' }, json: { error: { message: 'busy' } } });
      });
      await choose(photo(`patient-${part}.jpg`));
      await uploadItem(`patient-${part}.jpg`).getByText('This goes on by itself').waitFor();
      await cardOf(`patient-${part}.jpg`).getByTestId('thumbnail').waitFor();
      await page.unroute(address);
      expect(refusals).toBe(2);
    }
  });

  it('can be ended, and are gone then', async () => {
    await sendAt(20_000);
    await choose(photo('ended.jpg'));
    await cardOf('ended.jpg').waitFor();
    await page.getByRole('button', { name: 'Cancel the upload of ended.jpg' }).click();
    await expect.poll(() => cardOf('ended.jpg').count()).toBe(0);
    await sendAt(-1);
  });
});

describe('the library', () => {
  it('shows hostile names as they are, and what is wrong with a file', async () => {
    studio.expectFaults(/thumbnail/);
    const names = [
      '<img src=x onerror=alert(1)>.jpg',
      '\u202Egpj.exe مرحبا.jpg',
      `${'w'.repeat(249)}😀.jpg`,
      'two\nlines\n\n.jpg',
    ];
    for (const name of names) await studio.upload(name, PHOTO, 'image/jpeg');
    await studio.upload('cut.jpg', PHOTO.subarray(0, 20_000), 'image/jpeg');
    await studio.upload('notes.txt', Buffer.from('notes'));
    await studio.server.call('POST', '/files', { name: 'never.jpg' });
    await page.reload();
    await cardOf('cut.jpg')
      .getByText(/incomplete|cut off|missing/)
      .waitFor();
    await cardOf('notes.txt').getByText('no photo').waitFor();
    await cardOf('never.jpg').getByText('not uploaded').waitFor();
    const sizes = await cards().evaluateAll((all) =>
      all.map(({ clientWidth, clientHeight }) => `${clientWidth} ${clientHeight}`),
    );
    expect(new Set(sizes).size).toBe(1);
    const titles = await cards().evaluateAll((all) =>
      all.map((card) => card.querySelector('[title]')?.getAttribute('title')),
    );
    expect(titles).toEqual(expect.arrayContaining(names));
    const tooWide = () => document.documentElement.scrollWidth > innerWidth;
    expect(await page.evaluate(tooWide)).toBe(false);
  });

  it('is searched by name, and its address keeps search, filter and order', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('crane');
    await page.getByText('1 found').waitFor();
    expect(await cards().count()).toBe(1);
    expect(page.url()).toContain('search=crane');
    await page.reload();
    await page.getByText('1 found').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('crane');
    await page.getByRole('searchbox').fill('zzzz');
    await page.getByText('No file matches.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Status').selectOption('missing');
    await expect.poll(() => cards().count()).toBe(1);
    await page.getByLabel('Status').selectOption('');
    await page.getByLabel('Order').selectOption('name');
    await expect.poll(() => cards().nth(1).innerText()).toMatch(/^boats/);
    expect(page.url()).toContain('sort=name');
    await page.getByLabel('Order').selectOption('newest');
    await expect.poll(() => page.url()).not.toContain('sort');
  });

  it('goes from card to card by keyboard, and Enter opens the photo', async () => {
    await showAll();
    await cards().first().getByRole('link').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'End', 'Home', 'ArrowRight'])
      await page.keyboard.press(key);
    const focused = () => document.activeElement?.closest('[data-index]')?.getAttribute('data-index');
    await expect.poll(() => page.evaluate(focused)).toBe('1');
    await page.keyboard.press('End');
    await expect.poll(() => page.evaluate(focused)).toBe(String((await total()) - 1));
    await page.keyboard.press('Enter');
    await page.getByTestId('canvas').waitFor();
    await page.goBack();
    await cards().first().waitFor();
  });

  it('shows by itself what others upload, send again and delete, also where it is searched', async () => {
    await showAll();
    const comeBack = () => page.evaluate(() => dispatchEvent(new Event('focus')));
    for (const search of ['', 'others']) {
      await page.getByRole('searchbox').fill(search);
      await expect.poll(() => new URL(page.url()).hash.includes('search=others')).toBe(search !== '');
      const id = await studio.upload('by-others.jpg', PHOTO, 'image/jpeg');
      // By itself within seconds; at once for who comes back to the page.
      if (search !== '') await comeBack();
      await cardOf('by-others.jpg').getByTestId('thumbnail').waitFor();
      const never = await studio.server.call<{ id: number; uploadUrl: string }>('POST', '/files', {
        name: 'later-by-others.jpg',
      });
      await comeBack();
      await cardOf('later-by-others.jpg').getByText('not uploaded').waitFor();
      await fetch(never.body.uploadUrl, { method: 'PUT', body: PHOTO });
      await comeBack();
      await cardOf('later-by-others.jpg').getByTestId('thumbnail').waitFor();
      await cardOf('by-others.jpg').hover();
      await cardOf('by-others.jpg').getByRole('checkbox').click();
      await page.getByText('1 selected').waitFor();
      await studio.server.call('POST', '/files/delete', { items: [{ id }, { id: never.body.id }] });
      await comeBack();
      await expect.poll(() => cardOf('by-others.jpg').count()).toBe(0);
      await expect.poll(() => page.getByText('1 selected').count()).toBe(0);
    }
    await page.getByRole('searchbox').fill('');
    await cards().nth(3).waitFor();
  });

  it('deletes what is selected once that is confirmed', async () => {
    await page.getByRole('searchbox').fill('refused');
    await page.getByText('3 found').waitFor();
    await cards().first().hover();
    await cards().first().getByRole('checkbox').click();
    await cards()
      .nth(1)
      .getByRole('link')
      .click({ modifiers: ['Shift'] });
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('2 selected').count()).toBe(0);
    await page.keyboard.press('Control+a');
    await page.getByText('3 selected').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await cards().count()).toBe(3);
    // The focus is where it was, and Escape closed the dialog alone.
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByText('3 selected').count()).toBe(1);
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No file matches.').waitFor();
    const found = await studio.server.call<{ items: unknown[] }>('POST', '/files/search', {
      search: { name: 'refused' },
    });
    expect(found.body.items).toEqual([]);
  });

  it('says that the server is away, and goes on when it is back', async () => {
    studio.expectFaults(/files\/aggregate/);
    await page.route('**/files/aggregate', (route) => route.abort());
    await page.evaluate(() => {
      location.hash = '#/?state=uploaded';
    });
    await page.getByText('The server does not answer').first().waitFor();
    await page.unroute('**/files/aggregate');
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
    await cards().first().waitFor();
  });
});

describe('a library of many files', () => {
  beforeAll(async () => {
    await studio.close();
    await fillDatabase();
    await open();
  });

  it('shows the newest soon, and the thumbnails of wherever it is scrolled to', async () => {
    let underWay = 0;
    let most = 0;
    let listed = 0;
    const isThumbnail = (url: string) => url.includes('/thumbnail');
    page.on('request', (request) => {
      if (/files\/(list|aggregate)$/.test(request.url())) listed += 1;
      if (isThumbnail(request.url())) most = Math.max(most, ++underWay);
    });
    const ended = (request: Request) => {
      if (isThumbnail(request.url())) underWay -= 1;
    };
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);
    await page.reload();
    await allSeen();
    expect(listed).toBeLessThan(30);
    expect(await cards().first().innerText()).toContain('many-0.jpg');
    for (const share of [0.25, 0.5, 1, 0]) {
      await page.evaluate((to) => {
        const grid = document.querySelector('[role=list]')!.parentElement!;
        grid.scrollTop = to * grid.scrollHeight;
      }, share);
      await allSeen();
    }
    expect(await cards().count()).toBeLessThan(100);
    expect(most).toBeLessThanOrEqual(6);
    await page.getByPlaceholder(/Search 10,0\d\d files/).waitFor();
  });

  it('comes back to where it was', async () => {
    const grid = page.getByRole('list').locator('..');
    await grid.evaluate((element) => {
      element.scrollTop = 20_000;
    });
    await allSeen();
    await cards().nth(10).getByRole('link').click();
    await page.getByTestId('canvas').waitFor();
    await page.goBack();
    await allSeen();
    expect(await grid.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(19_000);
  });
});

/** How many files the library says that it has. */
async function total(): Promise<number> {
  return Number(await cards().first().getAttribute('aria-setsize'));
}

/** Waits until each card in sight has its picture. */
async function allSeen(): Promise<void> {
  await page.waitForFunction(() => {
    const inSight = [...document.querySelectorAll('[data-testid=card], [data-testid=skeleton]')].filter((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      return bottom > 60 && top < innerHeight;
    });
    return inSight.length > 6 && inSight.every((card) => card.querySelector('img') !== null);
  });
}

/** Adds many rows that share the content of a few, newer than all others. */
async function fillDatabase(): Promise<void> {
  const database = await openDatabase({ dataDir: folders.data });
  const { kysely } = database;
  const [first] = await kysely.selectFrom('files').selectAll().where('name', '=', 'crane.jpg').execute();
  const { place_box, place_bytes, record_bytes, metadata, geo_location, ...row } = first!;
  const now = Date.now();
  const rows = Array.from({ length: MANY }, (_, place) => {
    // The first ones within a minute, as after an upload, the others over years.
    const time = now - place * (place < 3000 ? 20 : 100_000);
    return { ...row, id: randomId(), name: `many-${place}.jpg`, created_time: time, external_id: null };
  });
  for (let start = 0; start < MANY; start += 1000) {
    await kysely
      .insertInto('files')
      .values(rows.slice(start, start + 1000))
      .execute();
  }
  await database.close();
}
