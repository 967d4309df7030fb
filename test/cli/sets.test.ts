import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolders, runKontur } from '../../testing/server-process.ts';
import { startTestApp, type TestApp } from '../http/start-test-app.ts';

const folders = createFolders();
let t: TestApp;
let url: string;
const out = path.join(folders.base, 'out.json');
const set = path.join(folders.base, 'set.json');

beforeAll(async () => {
  t = await startTestApp();
  url = await t.app.listen({ host: '127.0.0.1', port: 0 });
  const png = await sharp({ create: { width: 120, height: 90, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const { uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'a.png' } })).json();
  await t.send({ method: 'PUT', url: uploadUrl, payload: png });
  const square = (id: number, image_id: number) => ({
    id,
    image_id,
    category_id: 1,
    segmentation: [[9, 9, 60, 9, 60, 50]],
  });
  const images = [1, 2].map((id) => ({ id, file_name: id === 1 ? 'a.png' : 'b.png', width: 120, height: 90 }));
  const document = { images, categories: [{ id: 1, name: 'pump' }], annotations: [square(1, 1), square(2, 2)] };
  writeFileSync(set, JSON.stringify(document));
});
afterAll(async () => {
  await t?.close();
  folders.remove();
});

const kontur = (args: string[], env: Record<string, string> = { KONTUR_TOKEN: t.token }) =>
  runKontur(args, folders, { env });

describe('kontur import and kontur export', () => {
  it('bring a set in, say line by line what is wrong, and bring it out again', async () => {
    const trial = await kontur(['import', '--annotations', set, '--url', url, '--strict']);
    expect(trial).toMatchObject({ code: 1, stdout: 'Nothing was created; 1 refused, see above.\n' });

    const first = await kontur(['import', '--annotations', set, '--url', url]);
    expect(first.stderr).toBe('set.json annotations[1] (id 2): no photo on the server is named "b.png"\n');
    expect(first).toMatchObject({ code: 1, stdout: 'Created 1 annotations; 1 refused, see above.\n' });

    const second = await kontur(['import', '--annotations', set, '--url', url, '--json']);
    expect(JSON.parse(second.stdout)).toMatchObject({ created: 0, present: 1, refused: 1, problems: [{ where: /./ }] });

    const written = await kontur(['export', '--url', url, '--project', 'demo', '--out', out, '--json']);
    expect(written.code).toBe(0);
    expect(JSON.parse(written.stdout)).toMatchObject({ file: out, annotations: 1 });
    expect(JSON.parse(readFileSync(out, 'utf8')).annotations).toHaveLength(1);

    const table = await kontur(['export', '--url', url, '--format', 'csv', '--label', 'pump']);
    expect(table.stdout.split('\r\n')).toHaveLength(3);
    expect(table.stderr).toMatch(/^1 annotations, 0\.0 MB\n$/);

    const again = await kontur(['import', '--annotations', out, '--url', url]);
    expect(again).toMatchObject({ code: 0, stdout: 'Created 0 annotations; 1 were there already.\n' });
  });

  it.each([
    [['import'], 2, 'Say what to import'],
    [['import', '--annotations', path.join(folders.base, 'none')], 2, 'There is no '],
    [['import', '--annotations', set, '--format', 'xml'], 2, 'Allowed choices are coco, yolo, labelme'],
    [['export', '--format', 'xml'], 2, 'Allowed choices are coco, yolo, labelme, csv'],
    [['export', '--json'], 2, '--json needs --out'],
    [['export', '--url', 'kontur.example.com', '--out', out], 2, 'is no address'],
    [['export', '--url', 'http://127.0.0.1:9', '--out', out], 1, 'No server answers'],
    [['export', '--out', path.join(folders.base, 'no', 'set.json')], 2, 'there is no folder'],
    [['export', '--data-set', 'x', '--url', 'http://127.0.0.1:9', '--project', 'demo', '--out', out], 2, 'is no id'],
  ])('%j ends with %i and says why', async (args, code, words) => {
    const answer = await kontur(args);
    expect(answer.stderr).toContain(words);
    expect(answer.code).toBe(code);
  });

  it('a token that is not accepted is said, and nothing is left', async () => {
    const target = path.join(folders.base, 'never.json');
    const bad = await kontur(['export', '--url', url, '--out', target], { KONTUR_TOKEN: 'none' });
    expect(bad).toMatchObject({ code: 1 });
    expect(bad.stderr).toContain('does not accept the token');
    const none = await kontur(['export', '--url', url, '--out', target], {});
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain('KONTUR_TOKEN');
    expect(existsSync(target)).toBe(false);
  });
});
