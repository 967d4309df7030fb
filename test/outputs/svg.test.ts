import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { toSvg } from '#outputs/svg';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;

/** The pixels that librsvg covers by half or more. */
async function render(svg: string): Promise<{ mask: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .extractChannel(3)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { mask: Uint8Array.from(data, (alpha) => Number(alpha > 127)), width: info.width, height: info.height };
}

describe('toSvg', () => {
  it('draws the mask at the size of the image, holes open', async () => {
    const { mask, ...size } = await render(toSvg(SHAPES_IMAGE, [{ index: 0, score: 1, parts: SHAPES }]));
    expect(size).toEqual({ width, height });
    expect(maskIou(mask, rasterise(SHAPES, width, height))).toBeGreaterThan(0.97);
    expect([mask[38 * width + 24], mask[20 * width + 30], mask[70 * width + 100]]).toEqual([0, 1, 1]);
  });

  it('opens holes whichever way their rings run', async () => {
    const parts = SHAPES.map(({ outer, holes }) => ({ outer, holes: holes.map((hole) => hole.toReversed()) }));
    const { mask } = await render(toSvg(SHAPES_IMAGE, [{ index: 0, score: 1, parts }]));
    expect(maskIou(mask, rasterise(SHAPES, width, height))).toBeGreaterThan(0.97);
  });

  it('has labels as titles, whatever characters they are of', async () => {
    const labels = ['pump 7', '</title><script>&"\'', 'a\u0000b\ud800c', undefined, ''];
    const drawing = toSvg(
      SHAPES_IMAGE,
      labels.map((label, index) => ({ index, score: 1, parts: SHAPES, label })),
    );
    const titles = [...drawing.matchAll(/<title>(.*?)<\/title>/g)].map(([, text]) => text);
    expect(titles).toEqual(['pump 7', '&lt;/title&gt;&lt;script&gt;&amp;"\'', 'a\ufffdb\ufffdc']);
    expect((await render(drawing)).mask).toHaveLength(width * height);
  });

  it('is an empty drawing without segments', () => {
    expect(toSvg(SHAPES_IMAGE, [])).toContain('viewBox="0 0 120 90"');
  });
});
