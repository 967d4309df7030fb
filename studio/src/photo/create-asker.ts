import type { StoreApi } from 'zustand/vanilla';
import { ApiError } from '../api/api-error.ts';
import {
  isEmptyPrompt,
  type ObjectPrompt,
  type PhotoObject,
  samePrompt,
  type UnitPosition,
} from '../objects/photo-object.ts';
import { activeObject, nextToAsk, putOutlines } from '../objects/photo-objects.ts';
import type { Preview, PreviewAnswer } from '../preview/preview.ts';
import type { PhotoState } from './photo-state.ts';

/** Time after which a question without an answer is asked again where the server names none, in milliseconds. */
const ASK_AGAIN_MS = 3000;

/** Asks what the objects of a photo and its pointer need, one question at a time. */
export interface Asker {
  /** Asks for what is wanted most: the active object, then others without an answer, then what is under the pointer. */
  next(): void;
  /** Notes where the pointer is; `undefined` where it has left the photo. */
  hoverAt(position: UnitPosition | undefined): void;
  /** Asks at once what was refused or has to wait. */
  askAgain(): void;
  /** Ends what is under way, for good. */
  close(): void;
}

/**
 * Creates the asker of a photo. It puts the answers into the state: an object's wherever its prompt is in the history,
 * so that none comes too late; the pointer's if it is still on the photo. A question that was refused for good is not
 * asked again by itself; one that met a busy or a lost server is.
 */
export function createAsker({
  fileId,
  preview,
  store: { getState, setState },
}: {
  fileId: number;
  preview: Preview;
  store: StoreApi<PhotoState>;
}): Asker {
  let running = false;
  let closed = false;
  let wanted: UnitPosition | undefined;
  let paused: ReturnType<typeof setTimeout> | undefined;
  let refused = new WeakSet<ObjectPrompt>();
  /** What was last found under the pointer: a click there asks for the same. */
  let hovered: { prompt: ObjectPrompt; answer: PreviewAnswer } | undefined;
  const end = new AbortController();

  /** Says whether the active object waits for its answer. */
  const noteAsking = () => {
    const active = activeObject(getState().history.present);
    const asking =
      active !== undefined && !active.answered && !isEmptyPrompt(active.prompt) && !refused.has(active.prompt);
    if (getState().asking !== asking) setState({ asking });
  };

  const put = ({ id, prompt }: PhotoObject, { outlines, place, ms }: PreviewAnswer) => {
    setState(({ history }) => ({ history: putOutlines(history, prompt, outlines), place, ms }));
    const active = activeObject(getState().history.present);
    if (active?.answered) setState({ former: undefined });
    // The prompt has changed meanwhile, as while a point is being moved: the outline follows all the same.
    else if (active?.id === id && outlines[0] !== undefined) setState({ former: outlines[0] });
  };

  const ask = async (prompt: ObjectPrompt, take: (answer: PreviewAnswer) => void, refuse?: () => void) => {
    running = true;
    try {
      const answer = await preview.ask(fileId, prompt, end.signal);
      if (closed) return;
      if (getState().problem !== undefined) setState({ problem: undefined, asksAgainAt: undefined });
      take(answer);
    } catch (error) {
      if (!closed) meet(error as Error, refuse);
    } finally {
      running = false;
    }
    next();
  };

  const meet = (error: Error, refuse?: () => void) => {
    const waitMs = waitAfter(error);
    if (waitMs === undefined) refuse?.();
    else paused = setTimeout(askAgain, waitMs);
    setState({ problem: error, asksAgainAt: waitMs === undefined ? undefined : Date.now() + waitMs });
  };

  const next = () => {
    if (closed) return;
    noteAsking();
    if (running || paused !== undefined) return;
    const { history, follows, labelling } = getState();
    const object = nextToAsk(history.present, (prompt) => refused.has(prompt));
    if (object !== undefined) {
      const { prompt } = object;
      if (hovered !== undefined && samePrompt(hovered.prompt, prompt)) {
        put(object, hovered.answer);
        next();
        return;
      }
      void ask(
        prompt,
        (answer) => put(object, answer),
        () => refused.add(prompt),
      );
    } else if (wanted !== undefined && follows && history.present.activeId === undefined && labelling === undefined) {
      const prompt: ObjectPrompt = { points: [{ ...wanted, label: 1 }] };
      wanted = undefined;
      void ask(prompt, (answer) => {
        hovered = { prompt, answer };
        showHover(answer);
      });
    }
  };

  const showHover = ({ outlines: [best], place, ms }: PreviewAnswer) => {
    const { history, follows } = getState();
    setState({ place, ms });
    if (history.present.activeId === undefined && follows && isOver) setState({ hover: best });
  };

  let isOver = false;
  const askAgain = () => {
    clearTimeout(paused);
    paused = undefined;
    hovered = undefined;
    refused = new WeakSet();
    next();
  };

  return {
    next,
    hoverAt(position) {
      isOver = position !== undefined;
      wanted = position;
      if (position === undefined) setState({ hover: undefined });
      else next();
    },
    askAgain,
    close() {
      closed = true;
      clearTimeout(paused);
      end.abort();
    },
  };
}

/** Milliseconds until a question may be asked again; undefined where the same question would be refused again. */
function waitAfter(error: Error): number | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { status, retryAfterMs } = error;
  if (status === 0 || status === 429 || status === 503) return retryAfterMs ?? ASK_AGAIN_MS;
  return undefined;
}
