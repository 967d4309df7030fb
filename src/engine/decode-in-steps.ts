import type { Prompt } from '#contract/vision/prompt';
import type { Candidate } from '#prompting/decode-prompt';
import type { ChildDeaths } from '../processes/calls.ts';
import type { ChildProcess } from '../processes/child-process.ts';
import type { DecoderCalls } from './decoder.ts';

/**
 * Decodes a prompt on the embedding of that key. `deaths` are counted over all tries at this prompt.
 * @returns undefined where the process has let go of the embedding, or was started again since
 */
export type DecodeInSteps = (
  request: { key: string; prompt: Prompt },
  options: { signal?: AbortSignal; deaths: ChildDeaths },
) => Promise<Candidate[] | undefined>;

/** For each run that a prompt has had, what is asked while so many more calls are worked on may go ahead of its next run. */
const CALLS_AHEAD = 4;

/**
 * Asks the decoder for one run of its graph at a time, so that a prompt of one run waits for no more than one run of a prompt that
 * takes many. That one is not put off for ever: in the end its next run is older than what is asked later.
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
