import { coco } from './coco.ts';
import { cutout } from './cutout.ts';
import { drawing } from './drawing.ts';
import { geojson } from './geojson.ts';
import { json } from './json.ts';
import { labelme } from './labelme.ts';
import { mask } from './mask.ts';
import type { OutputFormat } from './output-format.ts';
import { svg } from './svg.ts';
import { yolo } from './yolo.ts';

/** Every output format, in the order of lists and menus. A new one is a file, a test and a line here. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = [json, drawing, mask, cutout, coco, geojson, svg, yolo, labelme];
