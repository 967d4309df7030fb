import type { StoreApi } from 'zustand/vanilla';
import type { Size } from '../canvas/viewport.ts';
import type { Outline, PhotoObject, UnitPosition } from '../objects/photo-object.ts';
import type { FittedShape } from './fit-shape.ts';
import type { VertexPlace } from './hit-outline.ts';
import type { ShownPictures } from './wand-area.ts';

/** What a press on the photo does to the outline that is corrected. */
export type CorrectTool = 'vertices' | 'brush' | 'eraser' | 'wand';

/** State of the correction of an outline by hand. */
export interface CorrectionState {
  tool: CorrectTool;
  /** Radius of brush and eraser in pixels of the photo. */
  radius: number;
  /** Largest difference of colours that the wand takes, 0..255. */
  tolerance: number;
  /** The chosen vertex. */
  vertex?: VertexPlace;
  /** What the outline looks like while it is being changed; it counts once that has ended. */
  draft?: Outline;
  /** The way of the brush that is under way. */
  stroke?: { way: readonly UnitPosition[]; erases: boolean };
  /** Where the pointer is, for the circle of the brush. */
  pointer?: UnitPosition;
  /** Whether a change is being worked out. */
  isBusy: boolean;
}

/** The photo that outlines are corrected on. */
export interface CorrectedPhoto {
  size: Size;
  /** What is shown of it now. */
  pictures(): ShownPictures;
}

/** The object that is corrected, with its outline. */
export interface Corrected {
  object: PhotoObject;
  outline: Outline;
}

/** Corrects the outline of the active object by hand. What has changed is a step of the photo's history. */
export interface Correction extends StoreApi<CorrectionState> {
  /** Whether presses on the photo correct an outline. */
  isOn(): boolean;
  /** Begins to correct: the active object, else the topmost with an outline. */
  begin(): void;
  /** Ends to correct, and goes back to the tool before. */
  leave(): void;
  /** Notes which photo is shown. */
  open(photo: CorrectedPhoto): void;
  photo(): CorrectedPhoto | undefined;
  /** The object that can be corrected now; undefined if there is none, or it is locked. */
  corrected(): Corrected | undefined;
  setTool(tool: CorrectTool): void;
  setRadius(radius: number): void;
  setTolerance(tolerance: number): void;
  /** Makes brush, eraser or the wand's tolerance a step larger or smaller. */
  grow(by: 1 | -1): void;
  /** Puts an outline in place of the one that is corrected; `joins` makes it one step with the change before. */
  put(parts: Outline['parts'], options?: { joins?: boolean }): void;
  /** Covers or erases along a way. */
  paint(way: readonly UnitPosition[], options: { erases: boolean }): void;
  /** Adds the area of about one colour around a position, or takes it off. */
  wand(position: UnitPosition, options: { erases: boolean }): void;
  deleteVertex(place: VertexPlace): void;
  /** Deletes the part with the chosen vertex, or fills the hole with it. */
  deleteRing(): void;
  fillHoles(): void;
  /** Deletes all parts that are small beside the others. */
  dropSmallParts(): void;
  replaceBy(shape: FittedShape): void;
  /** How far the line was simplified, in pixels; 0 while it has all of its vertices. */
  detail(): { tolerancePx: number; mostPx: number };
  /** Shows the outline with less detail, or with more again; `counts` ends that. */
  simplify(tolerancePx: number, options: { counts: boolean }): void;
}
