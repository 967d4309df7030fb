import { modelPoint } from '#geometry/spaces';
import type { DecoderFile } from '../../../studio/src/decoder/decoder-messages.ts';
import { loadDecoder } from '../../../studio/src/decoder/load-decoder.ts';

export interface BareRequest {
  decoder: DecoderFile;
  threads: number;
  runs: number;
}

/** Milliseconds of each run of the graph, and of loading it. */
export interface BareTimes {
  load: number;
  runs: number[];
}

self.onmessage = async ({ data: { decoder, threads, runs } }: MessageEvent<BareRequest>) => {
  const start = performance.now();
  const bind = await loadDecoder(decoder, { threads });
  const load = performance.now() - start;
  const run = bind(new Uint16Array(256 * 64 * 64).fill(0x2e66));
  const times: number[] = [];
  for (let count = 0; count < runs; count++) {
    const begin = performance.now();
    await run([
      { at: modelPoint(300 + count, 400), label: 1 },
      { at: modelPoint(0, 0), label: -1 },
    ]);
    times.push(performance.now() - begin);
  }
  self.postMessage({ load, runs: times } satisfies BareTimes);
};
