import type { Vertex } from '#contract/vision/segment-job';
import type { ImageSize } from '#geometry/spaces';

/** The states that an annotation can be in. */
export type SetStatus = 'suggested' | 'approved' | 'rejected';

/**
 * What an annotation marks, in fractions 0..1 of the upright photo: an outline as rings (for each part its outline,
 * then its holes), a box, an open line, or nothing that these formats know.
 */
export type SetShape =
  | { is: 'outline'; rings: readonly (readonly (readonly Vertex[])[])[] }
  | { is: 'box'; xMin: number; yMin: number; xMax: number; yMax: number }
  | { is: 'line'; vertices: readonly Vertex[] }
  | { is: 'other' };

/** A value that somebody attached to an annotation. */
export type SetAttribute = { type: 'boolean'; value: boolean } | { type: 'numerical'; value: number };

/** An annotation as the writers of sets take it. */
export interface SetAnnotation {
  id: number;
  annotationType: string;
  /** What it is of; null where its type has no label. */
  label: string | null;
  status: SetStatus;
  shape: SetShape;
  /** Confidence 0..1. */
  score?: number;
  attributes?: Readonly<Record<string, SetAttribute>>;
  /** Whether a person changed its outline. */
  byHand: boolean;
  creatingApp: string;
  creatingUser: string | null;
  createdBy?: string;
  updatedBy?: string;
  /** Milliseconds since 1970-01-01 UTC. */
  createdTime: number;
  lastUpdatedTime: number;
}

/** The photo of annotations. */
export interface SetPhoto {
  id: number;
  name: string;
  externalId?: string;
  /** Size of the upright photo, or why it is not known; absent where the format does not need it. */
  size?: ImageSize | { unknown: string };
}

/** An annotation with its photo. */
export interface SetEntry {
  photo: SetPhoto;
  annotation: SetAnnotation;
}

/** What a set is made of. */
export interface SetSource {
  /** Labels of the set in the order of their classes. */
  labels: readonly string[];
  /** The annotations; those of one photo follow each other. Read once. */
  entries: AsyncIterable<SetEntry>;
  /** Whether the photos are part of the set. */
  withPhotos: boolean;
  /** Awaited now and then by computations that go over all pixels: lets other work of the process go first. */
  giveWay(): Promise<unknown>;
}

/** A file of a set: text that is written piece by piece, or the content of a photo. */
export type SetFile = { path: string } & ({ text: AsyncIterable<string> } | { photo: SetPhoto });

/** How COCO's segmentations are written; other formats have no such choice. */
export interface SetOptions {
  encoding: 'polygons' | 'rle';
}

/** A format that the annotations of many photos are written in. */
export interface SetFormat {
  name: 'coco' | 'yolo' | 'labelme' | 'csv';
  /** A short description, which follows the name in lists. */
  is: string;
  /** What is in the files, for docs/outputs.md. */
  description: string;
  /** Media type and extension of a set that is a single file: without photos, and only where the format has one. */
  single?: { mediaType: string; extension: string };
  /** Whether it needs the size of each photo. */
  needsSize: boolean;
  /** Annotations of other types than objects in photos have a place in it. */
  takesAll: boolean;
  /**
   * Yields the files of the set; each has to be read to its end before the next is asked for. If there is a single one,
   * nothing else is yielded without photos.
   */
  write(source: SetSource, options: SetOptions): AsyncIterable<SetFile>;
}
