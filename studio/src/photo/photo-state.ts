import type {
  ObjectNote,
  ObjectPrompt,
  Outline,
  PhotoObject,
  PromptPoint,
  UnitPosition,
} from '../objects/photo-object.ts';
import type { ObjectChanges, ObjectHistory, PhotoObjects } from '../objects/photo-objects.ts';
import type { PreviewPlace } from '../preview/preview.ts';

/** What a click or a drag on the canvas means. */
export type Tool = 'point' | 'box' | 'pan' | 'correct';

/** State of one opened photo. */
export interface PhotoState {
  history: ObjectHistory;
  tool: Tool;
  /** Whether outlines follow the pointer while nothing is marked. */
  follows: boolean;
  /** Outline under the pointer; the last one stays until the next has come. */
  hover?: Outline;
  /** What the active object looked like before its prompt changed: shown until the answer has come. */
  former?: Outline;
  /** Who answered last, and how long it took. */
  place: PreviewPlace;
  ms?: number;
  /** Id of the corrected object that a click was meant for, which stays as it was corrected. */
  handKept?: string;
  /** A question about the active object has no answer yet. */
  asking: boolean;
  /** Why the last question was not answered. */
  problem?: Error;
  /** When the question is asked once more, in milliseconds since 1970; undefined if it is not. */
  asksAgainAt?: number;
  /** Id of the object whose label is asked for. */
  labelling?: string;
}

/** What can be done with an opened photo. */
export interface PhotoActions {
  /** Shows the outline at a position of the photo while nothing is marked; `undefined` where the pointer has left it. */
  hoverAt(position: UnitPosition | undefined): void;
  addPoint(point: PromptPoint): void;
  /** Marks by a box; `keep` leaves the points of the active object. */
  setBox(box: ObjectPrompt['boundingBox'], options?: { keep?: boolean }): void;
  /**
   * Replaces the prompt of the active object, as after a point was moved or deleted; `joins` makes it one step with the
   * change before, as while a point is being moved.
   */
  changePrompt(prompt: ObjectPrompt, options?: { joins?: boolean }): void;
  /** Chooses one of the answers to the prompt of the active object. */
  choose(index: number): void;
  /** Changes label, visibility or lock of an object. */
  change(id: string, change: Pick<PhotoObject, 'label' | 'hidden' | 'locked'>): void;
  /**
   * Puts an outline made by hand in place of an object's; one without parts deletes the object. `joins` makes it one step
   * with the change before.
   */
  correct(id: string, outline: Outline, options?: { joins?: boolean }): void;
  /** Notes something about an object that has still this prompt; no step that can be undone. */
  note(object: Pick<PhotoObject, 'id' | 'prompt'>, note: ObjectNote): void;
  /** Changes what the server knows of an object, in every step. */
  settle(id: string, change: Partial<PhotoObject>): void;
  /** Takes an object away that the server no longer has; no step that can be undone. */
  forget(id: string): void;
  /** Changes an object in one step that can be undone, as to what somebody else has made of it. */
  replace(id: string, change: Partial<PhotoObject>): void;
  /** Puts another object in, on top of the others. */
  add(object: PhotoObject): void;
  select(id: string | undefined): void;
  /** Deletes the object, unless it is locked. */
  remove(id: string): void;
  /** Deletes all objects, also the locked ones. */
  removeAll(): void;
  /** Puts an object at another place of the order in which they lie over each other, 0 being the lowest. */
  moveTo(id: string, place: number): void;
  /** Ends work on the active object, which stays, and asks for its label; one in which nothing was found is deleted. */
  finish(): void;
  /** Leaves the active object: deletes it if it was never finished. */
  drop(): void;
  /** Asks for the label of an object, or ends to ask. */
  askLabel(id: string | undefined): void;
  undo(): void;
  redo(): void;
  setTool(tool: Tool): void;
  setFollows(follows: boolean): void;
  /** Puts in what was kept from an earlier visit, below what is there already. */
  restore(objects: PhotoObjects): void;
  /** Takes over what another tab has changed. */
  adopt(changes: ObjectChanges): void;
  /** Makes the object with this prompt the active one, or begins one with it. */
  open(prompt: ObjectPrompt): void;
  /** Asks at once what was not answered. */
  askAgain(): void;
  /** Ends everything under way. */
  close(): void;
}
