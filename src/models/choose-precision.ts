import { arch, platform } from 'node:os';
import { KonturError } from '#contract/errors';
import type { FlavourName } from './flavours/graph-flavour.ts';
import { GRAPH_PREPARATION } from './flavours/graph-preparation.ts';
import { readCpuInfo } from './read-cpu-info.ts';

/** Number format in which the linear layers of the encoder compute: 8-bit integers or 32-bit floats. */
export type Precision = 'int8' | 'fp32';

/**
 * Setting of the precision; `auto` chooses by the processor. On processors without the instructions, `int8` is slower
 * than fp32 and less exact, because sums of products saturate.
 */
export type PrecisionSetting = 'auto' | Precision;

/** Flags of /proc/cpuinfo that stand for dot products of 8-bit integers: VNNI in its two encodings, and AMX. */
const INT8_DOT_PRODUCTS = /^flags\s*:.*\b(avx512_vnni|avx_vnni|amx_int8)\b/m;

/** What the choice of precision depends on, besides the processor. */
export interface PrecisionNeeds {
  precision: PrecisionSetting;
  flavour: FlavourName;
  provider: string;
}

/**
 * Chooses the faster precision on this machine. Only Linux on x64 reports the instructions that decide it, so
 * everywhere else it is fp32 (docs/decisions/0003-choose-the-precision.md). Only the rebuilt encoder of MobileSAM on a
 * CPU can compute in int8; every other graph runs as exported, in fp32.
 *
 * @throws KonturError `unavailable` if int8 is asked for and not possible
 */
export async function choosePrecision({ precision, flavour, provider }: PrecisionNeeds): Promise<Precision> {
  if (GRAPH_PREPARATION[flavour].encoder !== 'rebuilt' || provider !== 'cpu') {
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

/** The faster precision for the processor that a /proc/cpuinfo of Linux on x64 describes. */
export const precisionFor = (cpuInfo: string): Precision => (INT8_DOT_PRODUCTS.test(cpuInfo) ? 'int8' : 'fp32');
