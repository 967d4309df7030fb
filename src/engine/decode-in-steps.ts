import type { Candidate } from '#prompting/candidate';
import type { DecoderPrompt } from '#prompting/decoder-prompt';
import type { ChildDeaths } from '../processes/calls.ts';
import type { ChildProcess } from '../processes/child-process.ts';
import type { DecoderCalls } from './decoder.ts';

/**
 * Decodes a prompt on the embedding of that key. `deaths` are counted over all tries of this prompt.
 *
 * @returns undefined if the process has evicted the embedding, or was restarted since
 */
export type DecodeInSteps = (
  request: { key: string; prompt: DecoderPrompt },
  options: { signal?: AbortSignal; deaths: ChildDeaths },
) => Promise<Candidate[] | undefined>;

/** Number of later calls that may go ahead of a prompt's next run, per run that it has had. */
const CALLS_AHEAD = 4;

/**
 * Asks the decoder for one run of its graph at a time, so that a prompt of one run waits for at most one run of a
 * prompt with many. The long prompt does not starve: in the end its next run is older than later calls.
 */
export function createDecodeInSteps(decoder: Pick<ChildProcess<DecoderCalls>, 'ask'>): DecodeInSteps {
  let lastId = 0;
  return async ({ key, prompt }, { signal, deaths }) => {
    const id = ++lastId;
    try {
      let answer = await decoder.ask('decode', { id, key, prompt }, { signal, deaths });
      for (let runs = 1; answer === 'under way'; runs++) {
        answer = await decoder.ask('goOn', { id }, { signal, deaths, callsAhead: CALLS_AHEAD * runs });
      }
      return answer;
    } finally {
      if (signal?.aborted) decoder.ask('giveUp', { id }).catch(() => {});
    }
  };
}
