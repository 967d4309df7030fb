import type { Route } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio, type StudioPage } from '../../../testing/studio/open-studio.ts';

/** Things on the photo, in fractions of it. */
const JUNK = { x: 0.562, y: 0.627 };
const COVERED_BOAT = { x: 0.313, y: 0.87 };
const WALL = { x: 0.873, y: 0.627 };
const ROOF = { x: 0.34, y: 0.55 };

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio({ env: { KONTUR_MAX_PIXELS: '1000000' } });
});
afterAll(() => studio?.close());

const canvas = ({ page }: StudioPage) => page.getByTestId('canvas');
const rows = ({ page }: StudioPage) => page.getByTestId('object');
const count = (one: StudioPage) => canvas(one).getAttribute('data-objects');
const upload = (name: string, content: Uint8Array = PHOTO) => studio.upload(name, content, 'image/jpeg');

/** Marks one thing and waits for its outline. */
async function mark(one: StudioPage, position: { x: number; y: number }) {
  await one.clickAt(position);
  await one.statusBecomes(/^Segment, score/);
}

/** Ends the object and names it. */
async function name(one: StudioPage, label: string) {
  await one.page.keyboard.press('f');
  await one.page.getByTestId('label-input').fill(label);
  await one.page.keyboard.press('Enter');
  await one.page.getByTestId('label-input').waitFor({ state: 'detached' });
}

const jobsOf = async (fileId: number) => {
  const { body } = await studio.server.call<{ items: { status: string; prompt: object }[] }>(
    'GET',
    `/kontur/segment?fileId=${fileId}`,
  );
  return body.items;
};

describe('objects', () => {
  let fileId: number;
  beforeAll(async () => {
    fileId = await upload('objects.jpg');
    await studio.openPhoto(fileId);
  });

  it('are marked, named and listed, several of them', async () => {
    await mark(studio, JUNK);
    await name(studio, 'junk');
    await mark(studio, COVERED_BOAT);
    await name(studio, 'covered boat');
    await mark(studio, WALL);
    expect(await count(studio)).toBe('3');
    expect(await rows(studio).allInnerTexts()).toEqual([
      expect.stringContaining('Unnamed'),
      expect.stringContaining('covered boat'),
      expect.stringContaining('junk'),
    ]);
  });

  it('offer their candidates as chips, of which one is chosen', async () => {
    const chips = studio.page.getByTestId('candidate');
    const before = await studio.status();
    await chips.nth(1).click();
    expect(await chips.nth(1).getAttribute('aria-pressed')).toBe('true');
    const chosen = await studio.status();
    expect(chosen).not.toBe(before);
    await studio.page.getByRole('button', { name: 'Undo' }).click();
    expect(await studio.status()).toBe(before);
    await studio.page.getByRole('button', { name: 'Redo' }).click();
    expect(await studio.status()).toBe(chosen);
  });

  it('are there in another tab a second later, as after a crash, with prompt and choice', async () => {
    const status = await studio.status();
    await expect.poll(() => studio.page.evaluate(() => location.hash)).toContain('points=');
    const other = await studio.context.newPage();
    await other.goto(studio.page.url());
    await other.getByTestId('sign-in').click();
    await other.locator('[data-testid=canvas][data-objects="3"]').waitFor();
    await expect.poll(() => other.getByTestId('status').innerText()).toBe(status);
    await other.close();
  });

  it('survive a reload', async () => {
    const status = await studio.status();
    await studio.page.reload();
    await studio.page.locator('[data-testid=canvas][data-state=ready][data-objects="3"]').waitFor();
    expect(await studio.statusBecomes(/^Segment/)).toBe(status);
    expect(await rows(studio).nth(2).innerText()).toContain('junk');
  });

  it('are reordered by keyboard, hidden, locked and deleted', async () => {
    const { page } = studio;
    await rows(studio).nth(2).getByRole('button').first().focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => rows(studio).nth(1).innerText()).toContain('junk');
    await page.getByRole('button', { name: 'Hide junk' }).click();
    await page.getByRole('button', { name: 'Lock junk' }).click();
    expect(await page.getByRole('button', { name: 'Delete junk' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Unlock junk' }).click();
    await page.getByRole('button', { name: 'Show junk' }).click();
    await page.getByRole('button', { name: 'Delete Unnamed' }).click();
    await expect.poll(() => count(studio)).toBe('2');
  });

  it('are named by their known labels: digits pick, letters filter', async () => {
    const { page } = studio;
    await mark(studio, WALL);
    await page.keyboard.press('f');
    expect(await page.getByRole('option').allInnerTexts()).toEqual([
      expect.stringContaining('covered boat'),
      expect.stringContaining('junk'),
    ]);
    await page.keyboard.type('j');
    await expect.poll(() => page.getByRole('option').first().innerText()).toContain('junk');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('2');
    await expect.poll(() => rows(studio).first().innerText()).toContain('junk');
  });

  it('are saved, those without a name as jobs with their prompt, the others as annotations', async () => {
    await mark(studio, ROOF);
    await studio.page.keyboard.press('f');
    await studio.page.keyboard.press('Escape');
    await studio.page.getByTestId('save').click();
    await expect.poll(() => rows(studio).locator('[data-state=isSaved]').count()).toBe(4);
    expect(await jobsOf(fileId)).toMatchObject([{ status: 'Completed', prompt: { points: [{ label: 1 }] } }]);
    const { body } = await studio.server.call<{ items: object[] }>('GET', `/kontur/annotations?fileId=${fileId}`);
    expect(body.items).toHaveLength(3);
    expect(await studio.page.getByTestId('save').isDisabled()).toBe(true);
  });

  it('are saved after a reload too, until their prompt changes', async () => {
    await studio.page.reload();
    await expect.poll(() => rows(studio).locator('[data-state=isSaved]').count()).toBe(4);
    await rows(studio).first().getByRole('button').first().click();
    await studio.page.locator('[data-testid=canvas][data-state=ready]').waitFor();
    await studio.clickAt({ x: 0.8, y: 0.63 });
    await expect.poll(() => rows(studio).locator('[data-state=isUnsaved]').count()).toBe(1);
  });

  it('stay in the page, with the reason, where the server does not take them', async () => {
    studio.expectFaults(/Failed to load resource.*segment/, /ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
    await studio.page.route('**/context/vision/segment', (route) => route.abort());
    await studio.page.keyboard.press('Control+s');
    const notice = studio.page.getByTestId('photo-notice');
    await notice.filter({ hasText: 'The server does not answer. Everything stays in this browser.' }).waitFor();
    await studio.page.unroute('**/context/vision/segment');
    await notice.getByRole('button', { name: 'Save again' }).click();
    await expect.poll(() => rows(studio).locator('[data-state=isSaved]').count()).toBe(4);
    await notice.waitFor({ state: 'detached' });
  });

  it('wait for a busy server, and are saved then', async () => {
    studio.expectFaults(/status of 429/);
    let refused = 0;
    await studio.page.route('**/context/vision/segment', (route) => {
      refused += 1;
      if (refused > 1) return route.continue();
      const headers = { 'retry-after': '1', 'content-type': 'application/json' };
      return route.fulfill({ status: 429, headers, body: JSON.stringify({ error: { code: 429, message: 'busy' } }) });
    });
    await studio.clickAt({ x: 0.84, y: 0.64 });
    await expect.poll(() => rows(studio).locator('[data-state=isUnsaved]').count()).toBe(1);
    await studio.page.getByTestId('save').click();
    await studio.page.getByTestId('photo-notice').filter({ hasText: 'Saving goes on in' }).waitFor();
    await expect.poll(() => rows(studio).locator('[data-state=isSaved]').count()).toBe(4);
    await studio.page.unroute('**/context/vision/segment');
    expect(refused).toBe(2);
  });
});

describe('the address', () => {
  it('opens a photo with a prompt, and with zoom and middle', async () => {
    const fileId = await upload('linked.jpg');
    const box = [0.05, 0.7, 0.7, 0.98].join();
    const hash = `#/photo/${fileId}?points=${JUNK.x},${JUNK.y},1&box=${box}&view=2,0.5,0.6`;
    const other = await studio.openAnother({ hash });
    await other.statusBecomes(/^Segment, score/);
    expect(await count(other)).toBe('1');
    expect(await other.page.evaluate(() => location.hash)).toBe(hash);
    await other.page.getByRole('contentinfo').getByText('200').waitFor();
    await other.leave();
  });
});

describe('neighbours', () => {
  it('are in the film strip, prepared before they are opened, and reached by Page Down', async () => {
    const first = await upload('first.jpg');
    await upload('second.jpg');
    const other = await studio.openAnother();
    await other.openPhoto(first);
    const strip = other.page.getByRole('navigation', { name: 'Photos beside this one' });
    await strip.getByText('ready').first().waitFor();
    const before = await other.page.evaluate(() => location.hash);
    await canvas(other).focus();
    await other.page.keyboard.press('PageDown');
    await expect.poll(() => other.page.evaluate(() => location.hash)).not.toBe(before);
    await other.page.keyboard.press('PageUp');
    await expect.poll(() => other.page.evaluate(() => location.hash)).toBe(before);
    await other.leave();
  });
});

describe('a photo', () => {
  it('that is deleted under the open page leaves the objects where they are', async () => {
    const fileId = await upload('deleted.jpg');
    const other = await studio.openAnother();
    other.expectFaults(/Failed to load resource.*40[034]/, /status of 40[034]/);
    await other.openPhoto(fileId);
    await mark(other, JUNK);
    await studio.server.call('POST', '/files/delete', { items: [{ id: fileId }] });
    await other.clickAt(COVERED_BOAT);
    await other.page.getByTestId('photo-notice').filter({ hasText: 'This photo has been deleted.' }).waitFor();
    expect(await count(other)).toBe('1');
    await other.page.reload();
    await other.page.getByRole('heading', { name: 'This photo is not there' }).waitFor();
    await expect.poll(() => rows(other).count()).toBe(1);
    await other.leave();
  });

  it('that is broken says so in the words of the server, and what to do', async () => {
    const fileId = await upload('broken.jpg', PHOTO.subarray(0, 3000));
    const other = await studio.openAnother({ hash: `#/photo/${fileId}` });
    other.expectFaults(/status of 400/);
    await other.page.locator('[data-testid=canvas][data-state=error]').waitFor();
    const alert = other.page.getByRole('alert').filter({ hasText: 'This photo cannot be shown' });
    expect(await alert.innerText()).toContain('Upload it again');
    expect((await alert.innerText()).split('\n').length).toBeGreaterThan(2);
    await other.leave();
    // Beside others it would be prepared, and refused again.
    await studio.server.call('POST', '/files/delete', { items: [{ id: fileId }] });
  });

  it('that has more pixels than the server takes says so, where it is opened and in the library', async () => {
    const fileId = await upload('huge.jpg', await sharp(PHOTO).resize(1200).jpeg().toBuffer());
    const other = await studio.openAnother({ hash: `#/photo/${fileId}` });
    other.expectFaults(/status of 400/);
    await other.page.locator('[data-testid=canvas][data-state=error]').waitFor();
    const alert = other.page.getByRole('alert').filter({ hasText: 'This photo cannot be shown' });
    expect(await alert.innerText()).toMatch(/pixels/);
    await alert.getByRole('link', { name: 'To the library' }).click();
    const card = other.page.getByTestId('card').filter({ hasText: 'huge.jpg' });
    await card.getByText(/pixels/).waitFor();
    await other.leave();
    await studio.server.call('POST', '/files/delete', { items: [{ id: fileId }] });
  });

  it('that has been replaced is noticed', async () => {
    const fileId = await upload('replaced.jpg');
    const other = await studio.openAnother();
    await other.openPhoto(fileId);
    await mark(other, JUNK);
    await studio.server
      .call<{ items: { uploadUrl: string }[] }>('POST', '/files/uploadlink', { items: [{ id: fileId }] })
      .then(({ body }) => fetch(body.items[0]!.uploadUrl, { method: 'PUT', body: PHOTO }));
    await other.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    const notice = other.page.getByTestId('photo-notice').filter({ hasText: 'This photo has been replaced' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Keep them' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await count(other)).toBe('1');
    await other.leave();
  });
});

describe('nothing is lost', () => {
  it.each([
    [403, 'Your groups do not let you write here.'],
    [507, 'There is no room left on the server; nothing was stored.'],
  ])(
    'where saving is refused with %i: the objects stay with the reason, and are saved once it works',
    async (code, message) => {
      const one = await studio.openAnother();
      one.expectFaults(new RegExp(`status of ${code}`));
      await one.openPhoto(await upload(`refused-${code}.jpg`));
      await mark(one, JUNK);
      const refuse = (route: Route) => route.fulfill({ status: code, json: { error: { code, message } } });
      await one.page.route('**/vision/segment', refuse);
      await one.page.keyboard.press('Control+s');
      const notice = one.page.getByTestId('photo-notice').filter({ hasText: message });
      await notice.filter({ hasText: 'Everything stays in this browser.' }).waitFor();
      expect(await rows(one).locator('[data-state=isUnsaved]').count()).toBe(1);
      await one.page.unroute('**/vision/segment');
      await notice.getByRole('button', { name: 'Save again' }).click();
      await expect.poll(() => rows(one).locator('[data-state=isSaved]').count()).toBe(1);
      await one.leave();
    },
  );

  it('in two tabs of one photo: each shows what the other marks, names and deletes, and overwrites nothing', async () => {
    const one = await studio.openAnother();
    await one.openPhoto(await upload('tabs.jpg'));
    await mark(one, JUNK);
    const tab = await one.openTab();
    await tab.page.locator('[data-testid=canvas][data-state=ready][data-objects="1"]').waitFor();
    await name(one, 'junk');
    await rows(tab).filter({ hasText: 'junk' }).waitFor();
    await tab.page.keyboard.press('Escape');
    await Promise.all([one.clickAt(WALL), tab.clickAt(COVERED_BOAT)]);
    for (const each of [one, tab]) await expect.poll(() => count(each)).toBe('3');
    await tab.statusBecomes(/^Segment, score/);
    await name(tab, 'covered boat');
    await rows(one).filter({ hasText: 'covered boat' }).waitFor();
    await one.page.getByRole('button', { name: 'Delete junk' }).click();
    await expect.poll(() => count(tab)).toBe('2');
    for (const each of [one, tab]) {
      await each.page.reload();
      await each.page.locator('[data-testid=canvas][data-state=ready][data-objects="2"]').waitFor();
      expect((await rows(each).allInnerTexts()).map((text) => text.split('\n')[0]).sort()).toEqual([
        'Unnamed',
        'covered boat',
      ]);
    }
    await one.leave();
  });

  it('by leaving right after a click', async () => {
    const one = await studio.openAnother();
    await one.openPhoto(await upload('left.jpg'));
    const { href } = await one.page.evaluate(() => ({ href: location.href }));
    await one.clickAt(JUNK);
    await one.page.goto('about:blank');
    await one.page.goto(href);
    await one.page.locator('[data-testid=canvas][data-objects="1"]').waitFor();
    await one.leave();
  });

  it('by a crash of the tab, not even a name that was being typed', async () => {
    const one = await studio.openAnother();
    await one.openPhoto(await upload('crashed.jpg'));
    await mark(one, JUNK);
    await one.page.keyboard.press('f');
    await one.page.getByTestId('label-input').pressSequentially('half a na');
    await one.page.waitForTimeout(1000);
    const crashed = one.page.waitForEvent('crash');
    const devTools = await one.context.newCDPSession(one.page);
    void devTools.send('Page.crash').catch(() => {});
    await crashed;
    const tab = await one.openTab();
    await tab.page.locator('[data-testid=canvas][data-objects="1"]').waitFor();
    await expect.poll(() => tab.page.getByTestId('label-input').inputValue()).toBe('half a na');
    await tab.page.keyboard.type('me');
    await tab.page.keyboard.press('Enter');
    await rows(tab).filter({ hasText: 'half a name' }).waitFor();
    await one.leave();
  });
});

describe('a photo that is prepared', () => {
  it('shows a bar with what it takes, and can be marked meanwhile', async () => {
    const one = await studio.openAnother();
    await one.openPhoto(await upload('first-prepared.jpg'));
    // The server is held up, so that it takes as long as on a slow machine.
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (const address of ['**/embedding', '**/kontur/preview*']) {
      await one.page.route(address, async (route) => {
        await held;
        await route.continue().catch(() => {});
      });
    }
    const fileId = await upload('prepared.jpg', await sharp(PHOTO).flop().jpeg().toBuffer());
    await one.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/photo/${fileId}`);
    const bar = one.page.getByRole('progressbar', { name: /^Preparing the photo/ });
    await bar.waitFor();
    expect(await canvas(one).getAttribute('data-state')).toBe('encoding');
    await one.clickAt({ x: 1 - JUNK.x, y: JUNK.y });
    expect(await count(one)).toBe('1');
    release();
    await one.statusBecomes(/^Segment, score/);
    await bar.waitFor({ state: 'detached' });
    await one.page.getByRole('contentinfo').getByText('ready').waitFor();
    await one.leave();
  });
});

it('works on a phone with fingers: mark, end, name, see all, reorder', async () => {
  const fileId = await upload('phone.jpg');
  const phone = await studio.openAnother({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await phone.openPhoto(fileId);
  await phone.tapAt(JUNK);
  await phone.statusBecomes(/^Segment, score/);
  await phone.page.getByTestId('finish').tap();
  await phone.page.getByTestId('label-input').fill('junk');
  await phone.page.keyboard.press('Enter');
  await expect.poll(() => rows(phone).first().innerText()).toContain('junk');
  await phone.tapAt(WALL);
  await phone.statusBecomes(/^Segment, score/);
  await phone.page.getByRole('button', { name: 'Show all objects' }).tap();
  const order = async () => (await rows(phone).allInnerTexts()).map((text) => text.split('\n')[0]);
  expect(await order()).toEqual(['Unnamed', 'junk']);
  await rows(phone).nth(1).getByTestId('grip').tap();
  await expect.poll(order).toEqual(['junk', 'Unnamed']);
  const session = await phone.context.newCDPSession(phone.page);
  const grip = (await rows(phone).first().getByTestId('grip').boundingBox())!;
  const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  for (const [type, by] of [
    ['touchStart', 0],
    ['touchMove', 20],
    ['touchMove', 60],
    ['touchEnd', undefined],
  ] as const) {
    const touchPoints = by === undefined ? [] : [{ x, y: y + by }];
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
  await expect.poll(order).toEqual(['Unnamed', 'junk']);
  const page = await phone.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(page[0]).toBe(page[1]);
  for (const tool of ['Point', 'Box', 'Move']) {
    const place = await phone.page.getByRole('button', { name: tool, exact: true }).boundingBox();
    expect(place?.width).toBeGreaterThanOrEqual(44);
    expect(place!.y + place!.height).toBeLessThanOrEqual(844);
  }
  await phone.leave();
});
