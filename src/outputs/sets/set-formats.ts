import type { SetFormat } from './set-format.ts';
import { cocoSet } from './write-coco.ts';
import { csvSet } from './write-csv.ts';
import { labelmeSet } from './write-labelme.ts';
import { yoloSet } from './write-yolo.ts';

/** All formats of whole sets, in the order of documents and menus. */
export const SET_FORMATS: readonly SetFormat[] = [cocoSet, yoloSet, labelmeSet, csvSet];
