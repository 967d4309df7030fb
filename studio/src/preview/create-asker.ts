import type { ObjectPrompt } from '../objects/photo-object.ts';
import type { Preview, PreviewAnswer } from './preview.ts';

/** Asks for outlines one at a time: while one is under way, only the newest question waits. */
export interface Asker {
  /** Asks; a question that waits is replaced. Resolves with undefined if a newer one took its place. */
  ask(prompt: ObjectPrompt): Promise<PreviewAnswer | undefined>;
  /** Forgets what waits, and ends what is under way. */
  stop(): void;
}

/** Creates the asker of one photo. */
export function createAsker(preview: Preview, fileId: number): Asker {
  type Waiting = { prompt: ObjectPrompt; settle: (answer: Promise<PreviewAnswer> | undefined) => void };
  let waiting: Waiting | undefined;
  let running: AbortController | undefined;

  const next = () => {
    const question = waiting;
    waiting = undefined;
    if (question === undefined) return;
    const abort = new AbortController();
    running = abort;
    const answer = preview.ask(fileId, question.prompt, abort.signal);
    question.settle(answer);
    const ended = () => {
      if (running === abort) running = undefined;
      if (running === undefined) next();
    };
    void answer.then(ended, ended);
  };

  return {
    ask(prompt) {
      waiting?.settle(undefined);
      const asked = new Promise<PreviewAnswer | undefined>((resolve) => {
        waiting = { prompt, settle: resolve };
      });
      if (running === undefined) next();
      return asked;
    },
    stop() {
      waiting?.settle(undefined);
      waiting = undefined;
      running?.abort();
      running = undefined;
    },
  };
}
