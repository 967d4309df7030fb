import { arch, platform } from 'node:os';
import { KonturError } from '#contract/errors';
import type { FlavourName } from './flavours/graph-flavour.ts';
import { readCpuInfo } from './read-cpu-info.ts';

/** What the linear layers of the encoder compute in: 8-bit integers or 32-bit floats. */
export type Precision = 'int8' | 'fp32';

/**
 * `auto` decides by the processor. `int8` where that lacks the instructions is slower than fp32 and less exact, because sums of
 * products saturate.
 */
export type PrecisionSetting = 'auto' | Precision;

/** Flags of /proc/cpuinfo that stand for dot products of 8-bit integers: VNNI in its two encodings, and AMX. */
const INT8_DOT_PRODUCTS = /^flags\s*:.*\b(avx512_vnni|avx_vnni|amx_int8)\b/m;

/** What the precision depends on, beside the processor. */
export interface PrecisionNeeds {
  precision: PrecisionSetting;
  flavour: FlavourName;
  provider: string;
}

/**
 * The faster precision on this machine. Only Linux on x64 says which instructions it has, so everywhere else it is fp32;
 * on arm64 too, where int8 may well be faster but nobody has measured it. Int8 is what the rebuilt encoder of MobileSAM can
 * compute in on a CPU; everything else runs as it was exported, in fp32.
 * Throws `unavailable` where int8 is asked for and cannot be had.
 */
export async function choosePrecision({ precision, flavour, provider }: PrecisionNeeds): Promise<Precision> {
  if (flavour !== 'mobilesam' || provider !== 'cpu') {
    if (precision !== 'int8') return 'fp32';
    throw new KonturError(
      'unavailable',
      'KONTUR_PRECISION=int8 works for the model mobilesam with KONTUR_PROVIDER=cpu only; set it to auto or fp32.',
    );
  }
  if (precision !== 'auto') return precision;
  if (platform() !== 'linux' || arch() !== 'x64') return 'fp32';
  return precisionFor(await readCpuInfo());
}

/** The precision for the processor that a /proc/cpuinfo of Linux on x64 describes. */
export const precisionFor = (cpuInfo: string): Precision => (INT8_DOT_PRODUCTS.test(cpuInfo) ? 'int8' : 'fp32');
