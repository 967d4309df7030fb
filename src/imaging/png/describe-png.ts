import { KonturError } from '#contract/errors';
import { MAX_CHUNKS, type PngChunk, readChunkData, readPngChunks } from './read-png-chunks.ts';

/** What the chunks of a PNG say, none of whose data but a few bytes are read. */
export interface PngDescription {
  width: number;
  height: number;
  bitDepth: number;
  channels: number;
  /** As the pixels are packed: a palette has one value a pixel. */
  bitsPerPixel: number;
  isGrey: boolean;
  isInterlaced: boolean;
  hasAlpha: boolean;
  /** Frames of an animation; 1 for a still image. */
  frames: number;
  /** Chunks by type that say what the colours mean, and the one with the orientation; the first of each. */
  chunks: Map<string, PngChunk>;
  /** Whether all of it can be handed to the decoder: no chunk is malformed, and none is costly to unpack. */
  isPlain: boolean;
}

/** Channels by colour type; a palette is read as colours. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };
const PALETTE = 3;
const NOTED = ['iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP', 'eXIf', 'PLTE', 'tRNS'];
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];
/** Most bytes of chunks whose data the decoder unpacks without need; deflate makes a thousand times as much of them. */
const MOST_TEXT_BYTES = 1 << 14;
const MOST_PROFILE_BYTES = 1 << 20;
const IHDR_BYTES = 13;

/**
 * Describes a PNG by its chunks.
 *
 * @throws KonturError `image-truncated` for a file that ends before its pixels begin, `image-not-recognised` for a
 * variant that no ordinary software reads, `image-too-complex` for one of very many chunks
 */
export function describePng(fd: number): PngDescription {
  const found: Partial<PngDescription> = {};
  const chunks = new Map<string, PngChunk>();
  let textBytes = 0;
  let isPlain = true;
  let hasPixels = false;
  let frames = 1;
  let count = 0;
  for (const chunk of readPngChunks(fd)) {
    const { type, length } = chunk;
    if (++count === MAX_CHUNKS) throw hasTooManyChunks();
    // Bit 5 of its first byte says that a chunk may be passed over, whatever else it is.
    const isCritical = (type.charCodeAt(0) & 0x20) === 0;
    if (!/^[A-Za-z]{4}$/.test(type) || (isCritical && !CRITICAL.includes(type))) {
      if (isCritical && !hasPixels) throw isRare(type);
      isPlain = false;
    } else if (type === 'IHDR' && found.width === undefined)
      Object.assign(found, readHeader(readChunkData(fd, chunk, IHDR_BYTES)));
    else if (type === 'acTL' && !hasPixels) frames = framesOf(readChunkData(fd, chunk, 4));
    else if (type === 'zTXt' || type === 'iTXt' || type === 'tEXt') textBytes += length;
    else if (type === 'iCCP' && length > MOST_PROFILE_BYTES) isPlain = false;
    else if (type === 'IDAT') hasPixels = true;
    if (NOTED.includes(type) && !hasPixels) {
      if (chunks.has(type)) isPlain = false;
      else chunks.set(type, chunk);
    }
  }
  if (found.width === undefined || !hasPixels) throw endsEarly();
  return {
    ...(found as PngDescription),
    hasAlpha: found.hasAlpha === true || chunks.has('tRNS'),
    frames,
    chunks,
    isPlain: isPlain && textBytes <= MOST_TEXT_BYTES,
  };
}

function readHeader(data: Buffer) {
  if (data.length < IHDR_BYTES) throw endsEarly();
  const colourType = data.readUInt8(9);
  const channels = CHANNELS[colourType];
  if (channels === undefined) throw isDamaged(colourType);
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bitDepth: data.readUInt8(8),
    channels,
    bitsPerPixel: data.readUInt8(8) * (colourType === PALETTE ? 1 : channels),
    isGrey: channels < 3,
    isInterlaced: data.readUInt8(12) === 1,
    hasAlpha: channels % 2 === 0,
  };
}

const framesOf = (data: Buffer): number => (data.length < 4 ? 1 : data.readUInt32BE(0));

const isRare = (type: string) =>
  new KonturError(
    'image-not-recognised',
    `The PNG has a chunk ${JSON.stringify(type)}, ${knownAs(type)}. Save it as an ordinary PNG.`,
  );

const knownAs = (type: string): string =>
  type === 'CgBI'
    ? 'which Xcode writes for iPhones and browsers do not read either'
    : 'which cannot be read without being understood, here and in browsers';

const hasTooManyChunks = () =>
  new KonturError(
    'image-too-complex',
    `The PNG has over ${MAX_CHUNKS.toLocaleString('en')} chunks, which take far more work than its pixels. Save it again.`,
  );

const isDamaged = (colourType: number) =>
  new KonturError(
    'image-truncated',
    `The header of the PNG is damaged: there is no colour type ${colourType}. Upload the complete file again.`,
  );

const endsEarly = () =>
  new KonturError(
    'image-truncated',
    'The PNG is incomplete: 100 % of its pixels are missing. Upload the complete file again.',
  );
