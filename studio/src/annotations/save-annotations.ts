import type { Api } from '../api/create-api.ts';
import {
  type AnnotationStatus,
  isEmptyPrompt,
  type Outline,
  outlineOf,
  type PhotoObject,
  type SavedAnnotation,
  sameParts,
} from '../objects/photo-object.ts';
import { type Annotation, partsOf, toSaved } from './annotation.ts';
import {
  type AnnotationChange,
  changeAnnotations,
  createAnnotations,
  type NewAnnotation,
  readAllOfFile,
} from './annotation-requests.ts';
import { annotationsNow, missingIds } from './meet-refusal.ts';

/** Annotations that are sent in one request. */
const MOST_AT_ONCE = 200;

/** What came of saving an object: its annotation, or what somebody else has made of it meanwhile. */
export type SaveOutcome = { saved: SavedAnnotation } | { theirs: Annotation };

export interface SaveOptions {
  api: Pick<Api, 'fetch'>;
  fileId: number;
  /** State of annotations that are made; that of others stays. */
  status: AnnotationStatus;
  /** Whether annotations may have been made already, by a request whose answer was lost. */
  isRepeated: boolean;
  /** Makes a request, and as long as the server is busy, makes it again. */
  persist<T>(request: () => Promise<T>): Promise<T>;
  /** Told of each object as soon as it is known what came of it. */
  tell(object: PhotoObject, outcome: SaveOutcome): void;
  signal: AbortSignal;
}

interface Saved {
  object: PhotoObject;
  outline: Outline;
  label: string;
}

/**
 * Saves objects that have a label as annotations of their photo: makes those that are none yet, and changes the others
 * unless somebody else has changed them since.
 *
 * @throws ApiError if the server refused or does not answer; objects that were told of until then are saved
 */
export async function saveAnnotations(objects: readonly PhotoObject[], options: SaveOptions): Promise<void> {
  const all = objects.flatMap((object): Saved[] => {
    const outline = outlineOf(object);
    return outline === undefined || object.label === undefined ? [] : [{ object, outline, label: object.label }];
  });
  const lost = await changeAll(
    all.filter(({ object }) => object.annotation !== undefined),
    options,
  );
  const fresh = all.filter(({ object }) => object.annotation === undefined);
  await createAll([...(options.isRepeated ? await withoutMade(fresh, options) : fresh), ...lost], options);
}

async function createAll(all: readonly Saved[], { api, fileId, status, signal, persist, tell }: SaveOptions) {
  for (const batch of batches(all)) {
    const items = batch.map(
      ({ object, outline, label }): NewAnnotation => ({
        fileId,
        label,
        rings: outline.parts,
        status,
        score: outline.score,
        ...(object.byHand && { byHand: true }),
        ...(!isEmptyPrompt(object.prompt) && { origin: originOf(object, outline) }),
      }),
    );
    const made = await persist(() => createAnnotations(api, items, signal));
    for (const [place, one] of batch.entries()) note(one, made[place], tell);
  }
}

const originOf = ({ chosen, jobId }: PhotoObject, { score }: Outline) => ({
  rank: chosen,
  score,
  ...(jobId !== undefined && { jobId }),
});

/** Changes annotations. Returns the objects whose annotations are no longer there. */
async function changeAll(all: readonly Saved[], { api, signal, persist, tell }: SaveOptions): Promise<Saved[]> {
  const lost: Saved[] = [];
  for (const batch of batches(all)) {
    let left = batch;
    while (left.length > 0) {
      try {
        const items = left.map(toChange);
        const changed = await persist(() => changeAnnotations(api, items, signal));
        for (const [place, one] of left.entries()) note(one, changed[place], tell);
        break;
      } catch (error) {
        const now = new Map(annotationsNow(error)?.map((theirs) => [theirs.id, theirs]));
        const missing = missingIds(error);
        const rest = left.filter(({ object: { annotation } = {} }) => {
          return annotation !== undefined && !now.has(annotation.id) && !missing.includes(annotation.id);
        });
        if (rest.length === left.length) throw error;
        for (const one of left) {
          const id = one.object.annotation?.id ?? 0;
          const theirs = now.get(id);
          if (theirs !== undefined) tell(one.object, { theirs });
          else if (missing.includes(id)) lost.push(one);
        }
        left = rest;
      }
    }
  }
  return lost;
}

function toChange({ object: { annotation, byHand }, outline: { parts }, label }: Saved): AnnotationChange {
  const isMoved = annotation === undefined || !sameParts(annotation.parts, parts);
  return {
    id: annotation?.id ?? 0,
    lastUpdatedTime: annotation?.lastUpdatedTime,
    ...(label !== annotation?.label && { label }),
    ...(isMoved && { rings: parts, ...(byHand !== undefined && { byHand }) }),
  };
}

/** Objects that the server has no annotation like yet; those that it has are told of. */
async function withoutMade(all: readonly Saved[], { api, fileId, signal, persist, tell }: SaveOptions) {
  if (all.length === 0) return all;
  const there = await persist(() => readAllOfFile(api, fileId, signal));
  return all.filter((one) => {
    const place = there.findIndex(
      ({ label, ...it }) => label === one.label && sameParts(partsOf(it), one.outline.parts),
    );
    const [made] = place < 0 ? [] : there.splice(place, 1);
    if (made !== undefined) note(one, made, tell);
    return made === undefined;
  });
}

/** What was sent counts as saved: the server may keep an outline with other vertices. */
function note({ object, outline, label }: Saved, annotation: Annotation | undefined, tell: SaveOptions['tell']): void {
  if (annotation === undefined) throw new Error('The server answered with fewer annotations than it was sent.');
  tell(object, { saved: { ...toSaved(annotation), label, parts: outline.parts } });
}

function batches<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, place) => all.slice(place * MOST_AT_ONCE, (place + 1) * MOST_AT_ONCE));
}
