import type { ObjectPrompt, Outline } from '../objects/photo-object.ts';

/** Where an outline was computed. */
export type PreviewPlace = 'browser' | 'server';

/** The answer to a prompt. */
export interface PreviewAnswer {
  outlines: readonly Outline[];
  place: PreviewPlace;
  /** Time from the question to the answer. */
  ms: number;
}

/** Finds what a prompt marks on a photo, as a job would, without one. */
export interface Preview {
  /**
   * Asks for the outlines of a prompt.
   *
   * @throws ApiError if the server refused or does not answer; AbortError once the signal is aborted
   */
  ask(fileId: number, prompt: ObjectPrompt, signal: AbortSignal): Promise<PreviewAnswer>;
}
