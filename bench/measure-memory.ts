import { noMemoryFigures, processTree, residentMegabytes, totalMegabytes } from './processes.ts';
import type { Row } from './row.ts';

const ENGINE_MB = 500;
/** 256 channels on a grid of 64 x 64, in half precision. */
const EMBEDDING_MB = (256 * 64 * 64 * 2) / 1e6;
/** Logits of the decoder's last runs, which the decoder's process caches besides the embeddings. */
const RUNS_MB = (32 * 1024 * 1024) / 1e6;

/**
 * Measures resident memory after all other measurements. The caches hold embeddings and decoder runs.
 *
 * @param images number of images that the server was asked about, each with an embedding in the cache while there is
 * room
 */
export function measureMemory(
  { serverPid, shippedPid }: { serverPid: number; shippedPid: number },
  { images, cacheMb }: { images: number; cacheMb: number },
): Row[] {
  const processes = processTree(serverPid);
  const cached = Math.min(images * EMBEDDING_MB, cacheMb * 1.048576) + RUNS_MB;
  const engine = totalMegabytes(processes.filter(({ isEngine }) => isEngine));
  return [
    {
      name: 'resident memory of the engine processes less their caches',
      measured: engine - cached,
      unit: 'MB',
      target: { atMost: ENGINE_MB },
      notApplicable: noMemoryFigures,
      note: processes.map(({ name, megabytes }) => `${name} ${Math.round(megabytes)} MB`).join(', '),
    },
    { name: '  with their caches', measured: engine, unit: 'MB' },
    { name: 'resident memory of the whole server', measured: totalMegabytes(processes), unit: 'MB' },
    { name: 'resident memory of the shipped graphs', measured: residentMegabytes(shippedPid), unit: 'MB' },
  ];
}
