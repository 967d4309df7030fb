import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KonturError } from '#contract/errors';
import { describeShare } from './describe-share.ts';
import type { ImageContent } from './image-content.ts';
import { describePng, type PngDescription } from './png/describe-png.ts';
import { type ColourSpace, writeIccProfile } from './png/icc-profile.ts';
import { measurePng } from './png/measure-png.ts';
import { readColourSpace } from './png/read-colour-space.ts';
import { readChunkData } from './png/read-png-chunks.ts';
import { type PlainColours, packProfile, plainHeader, writePlainPng } from './png/write-plain-png.ts';
import { ENCODING_GAMMA, findUsedRange, writeNarrowed } from './use-sample-range.ts';

/**
 * Opens a PNG and reads its chunks but not their pixels.
 *
 * @throws KonturError `image-animated`; the errors of `describePng`
 */
export async function openPng(path: string): Promise<ImageContent> {
  const { image, header, colours, space, originalProfile } = await withFile(path, (fd) => {
    const image = describePng(fd);
    return { image, header: plainHeader(fd), ...readColours(fd, image) };
  });
  if (image.frames > 1) {
    throw new KonturError('image-animated', 'The PNG is animated. Upload a single frame of it as a still image.');
  }
  const bytesPerPixel =
    (image.channels + (image.hasAlpha && image.channels % 2 === 1 ? 1 : 0)) * Math.ceil(image.bitDepth / 8);
  const isDeep = image.bitDepth === 16;

  /** The file itself where the decoder reads it as it should be read, else a plain copy. */
  function withPlain<Result>(use: (source: string) => Promise<Result>, asked: PlainColours, repair = false) {
    // The library takes what stands in brackets at the end of a path for options.
    const isReadable = image.isPlain && !repair && asked === 'kept' && !path.endsWith(']');
    if (isReadable) return use(path);
    return withTemporary(async (copy) => {
      await withFile(path, (fd) => writePlainPng(fd, copy, asked));
      return use(copy);
    });
  }

  /** A 16-bit image: of 8 bits where its range is narrow, or where it has a profile, which the library ignores. */
  async function withDeep<Result>(use: (source: string) => Promise<Result>, repair = false): Promise<Result> {
    const { isGrey } = image;
    const profile = typeof colours === 'object' ? colours.iccp : originalProfile;
    const readFrom = async (source: string) => {
      const range = await findUsedRange(source, image);
      if (!range && !profile) return use(source);
      return withTemporary(async (narrowed) => {
        const isEncoded = isGrey && typeof colours === 'object' && !range;
        await writeNarrowed(source, narrowed, { range, isGrey, isEncoded, hasProfile: profile !== undefined });
        if (!isGrey || !profile) return use(narrowed);
        return withTemporary(async (copy) => {
          const iccp = isEncoded && space ? packProfile(writeIccProfile(decoded(space), image)) : profile;
          await withFile(narrowed, (fd) => writePlainPng(fd, copy, { iccp }));
          return use(copy);
        });
      });
    };
    return withPlain(readFrom, isGrey ? 'none' : colours, repair);
  }

  return {
    width: image.width,
    height: image.height,
    header,
    hasAlpha: image.hasAlpha,
    heldBytes: image.isInterlaced ? image.width * image.height * bytesPerPixel : 0,
    bytesPerPixel,
    traits: [
      ...(image.isInterlaced ? [{ name: 'interlaced', remedy: 'without interlacing' }] : []),
      ...(isDeep ? [{ name: 'of 16 bits a channel', remedy: 'with 8 bits a channel' }] : []),
    ],
    withSource: (use, repair) => (isDeep ? withDeep(use, repair) : withPlain(use, colours, repair)),
    check: async () => {
      const missing = await withFile(path, (fd) => measurePng(fd, image));
      if (missing > 0) {
        throw new KonturError(
          'image-truncated',
          `The PNG is incomplete: ${describeShare(missing)} of its pixels are missing. Upload the complete file again.`,
        );
      }
    },
  };
}

interface Colours {
  /** What the decoder has to be told of them. */
  colours: PlainColours;
  space?: ColourSpace;
  /** The profile in the file, where that counts. */
  originalProfile?: Buffer;
}

function readColours(fd: number, image: PngDescription): Colours {
  const space = readColourSpace(fd, image);
  const profile = image.chunks.get('iCCP');
  if (space === 'profile') return { colours: 'kept', originalProfile: profile && readChunkData(fd, profile, 1 << 20) };
  if (space === 'srgb') return { colours: profile ? 'none' : 'kept' };
  return { colours: { iccp: packProfile(writeIccProfile(space, image)) }, space };
}

/** The space of values that were encoded with ENCODING_GAMMA. */
const decoded = (space: ColourSpace): ColourSpace => ({
  ...space,
  toLight: (value) => space.toLight(value ** ENCODING_GAMMA),
});

async function withFile<Result>(path: string, use: (fd: number) => Result | Promise<Result>): Promise<Result> {
  const fd = openSync(path, 'r');
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

async function withTemporary<Result>(use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-'));
  try {
    return await use(join(folder, 'image.png'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
