import type { PngDescription } from './describe-png.ts';
import type { Chromaticity, ColourSpace } from './icc-profile.ts';
import { readChunkData } from './read-png-chunks.ts';

type Primaries = Omit<ColourSpace, 'toLight'>;

const D65: Chromaticity = [0.3127, 0.329];
const SRGB: Primaries = { white: D65, red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] };
/** Source: ITU-T H.273, table 2. */
const CODED_PRIMARIES: Record<number, Primaries> = {
  1: SRGB,
  5: { white: D65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  9: { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  12: { white: D65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
};

const toPower = (exponent: number) => (value: number) => value ** exponent;
const srgbToLight = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const videoToLight = (value: number) => (value < 0.081 ? value / 4.5 : ((value + 0.099) / 1.099) ** (1 / 0.45));
/** Source: ITU-T H.273, table 3. What is brighter than white on paper is white. */
const CODED_CURVES: Record<number, (value: number) => number> = {
  1: videoToLight,
  4: toPower(2.2),
  5: toPower(2.8),
  6: videoToLight,
  8: (value) => value,
  13: srgbToLight,
  14: videoToLight,
  15: videoToLight,
  16: pqToLight,
  18: hlgToLight,
};
const SRGB_CODES = { primaries: 1, curve: 13 };
/** Light of white on paper, in candela per square metre. Source: ITU-R BT.2408. */
const PAPER_WHITE = 203;

/** gAMA of sRGB, and how far from it a file still means that. */
const SRGB_GAMMA = 0.45455;
const GAMMA_SLACK = 0.02;
const CHROMATICITY_SLACK = 0.002;
const MOST_GAMMA = 10;

/**
 * The colour space that a PNG names by other chunks than a profile: the first of cICP, iCCP, sRGB and gAMA with cHRM
 * decides. `srgb` where that is sRGB, or nothing is said; `profile` where a profile decides. Source: PNG, third
 * edition, section 4.3.
 */
export function readColourSpace(
  fd: number,
  { chunks }: Pick<PngDescription, 'chunks'>,
): ColourSpace | 'srgb' | 'profile' {
  const data = (type: string) => {
    const chunk = chunks.get(type);
    return chunk && readChunkData(fd, chunk, 32);
  };
  const coded = data('cICP');
  if (coded && coded.length >= 4) {
    const [primaries = 0, curve = 0, matrix, isFullRange] = coded;
    const colours = CODED_PRIMARIES[primaries];
    const toLight = CODED_CURVES[curve];
    if (colours && toLight && matrix === 0 && isFullRange === 1) {
      const isSrgb = primaries === SRGB_CODES.primaries && curve === SRGB_CODES.curve;
      return isSrgb ? 'srgb' : { ...colours, toLight };
    }
  }
  if (chunks.has('iCCP')) return 'profile';
  if (chunks.has('sRGB')) return 'srgb';
  const stored = data('gAMA');
  const gamma = stored && stored.length >= 4 ? stored.readUInt32BE() / 100_000 : 0;
  if (gamma < 1 / MOST_GAMMA || gamma > MOST_GAMMA) return 'srgb';
  const colours = readPrimaries(data('cHRM')) ?? SRGB;
  if (Math.abs(gamma - SRGB_GAMMA) > GAMMA_SLACK) return { ...colours, toLight: toPower(1 / gamma) };
  return isSrgbLike(colours) ? 'srgb' : { ...colours, toLight: srgbToLight };
}

function readPrimaries(data: Buffer | undefined): Primaries | undefined {
  if (!data || data.length < 32) return undefined;
  const at = (index: number): Chromaticity => [
    data.readUInt32BE(8 * index) / 100_000,
    data.readUInt32BE(8 * index + 4) / 100_000,
  ];
  const primaries = { white: at(0), red: at(1), green: at(2), blue: at(3) };
  const isColour = ([x, y]: Chromaticity) => x <= 1 && y > 0 && y <= 1;
  return Object.values(primaries).every(isColour) && area(primaries) > 0.01 ? primaries : undefined;
}

/** Area of the triangle of the primaries; those in one line are no colour space. */
const area = ({ red: [a, b], green: [c, d], blue: [e, f] }: Primaries): number =>
  Math.abs((c - a) * (f - b) - (e - a) * (d - b)) / 2;

function isSrgbLike(primaries: Primaries): boolean {
  const names = ['white', 'red', 'green', 'blue'] as const;
  return names.every((name) => {
    const [[x, y], [ownX, ownY]] = [SRGB[name], primaries[name]];
    return Math.abs(x - ownX) < CHROMATICITY_SLACK && Math.abs(y - ownY) < CHROMATICITY_SLACK;
  });
}

/** Source: ITU-R BT.2100, table 4. */
function pqToLight(value: number): number {
  const power = value ** (32 / 2523);
  const light = Math.max(0, power - 107 / 128) / (2413 / 128 - (2392 / 128) * power);
  return (10_000 * light ** (8192 / 1305)) / PAPER_WHITE;
}

/** Source: ITU-R BT.2100, table 5; white on paper stands at 0.75. */
function hlgToLight(value: number): number {
  const scene = (signal: number) =>
    signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (scene(value) / scene(0.75)) ** 1.2;
}
