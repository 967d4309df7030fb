import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import type { Ring } from '#geometry/mask-polygon';
import { type ImageSize, pixelPoint } from '#geometry/spaces';
import { splitName } from '#outputs/sets/entry-names';
import { BadPlace, type PhotoName, type ReadAnnotation, type Reading, readPlace } from './read-annotation.ts';
import { checkLabel, isObject, toBox, toOutline, toScore } from './read-values.ts';
import type { SetContent } from './set-content.ts';

/** Coordinates are fractions. */
const UNIT: ImageSize = { imageWidth: 1, imageHeight: 1 };
/** Fractions may lie this far outside 0..1: tools round them. */
const BEYOND = 0.002;
const MOST_CLASS_BYTES = 4 * 1024 * 1024;
/** A line of a thousand vertices is 20 kB. */
const MOST_LINE = 4_000_000;

/** Files of labels, and what is beside them, in a set of the YOLO family. */
export const isLabelFile = (path: string): boolean =>
  /\.txt$/i.test(path) && !/(^|\/)(classes|left-out|readme[^/]*|train|val|test|autosplit[^/]*)\.txt$/i.test(path);

/** The file of a set that names its classes, if there is one. */
export const findClassFile = (paths: readonly string[]): string | undefined =>
  paths.find((path) => /(^|\/)(data|dataset)\.ya?ml$/i.test(path)) ??
  paths.find((path) => /(^|\/)[^/]+\.ya?ml$/i.test(path)) ??
  paths.find((path) => /(^|\/)(classes\.txt|obj\.names)$/i.test(path));

/**
 * Reads a set of the YOLO family: a file of lines for each photo, and names of the classes.
 *
 * @throws Error if nothing names the classes
 */
export async function* readYolo(content: SetContent): AsyncGenerator<Reading> {
  const classes = await readClasses(content);
  const photos = new Map(
    content.paths.filter((path) => /\.(jpe?g|png|webp|tiff?|bmp)$/i.test(path)).map((path) => [stemOf(path), path]),
  );
  for (const path of content.paths.filter(isLabelFile)) {
    const photo = photoOf(path, photos);
    let number = 0;
    for await (const line of createInterface({ input: await content.open(path), crlfDelay: Infinity })) {
      number++;
      if (line.trim() === '') continue;
      yield readPlace(`${path}:${number}`, () => readLine(line, classes, photo));
    }
  }
}

async function readClasses(content: SetContent): Promise<Map<number, unknown>> {
  const file = findClassFile(content.paths);
  if (file === undefined) {
    throw new Error('Nothing names the classes: a set of YOLO has a data.yaml with names, or a classes.txt.');
  }
  const text = await content.readText(file, MOST_CLASS_BYTES);
  if (!/\.ya?ml$/i.test(file)) {
    return new Map(text.split(/\r?\n/).flatMap((name, index) => (name.trim() === '' ? [] : [[index, name]])));
  }
  const { names } = readYaml(text, file);
  if (Array.isArray(names)) return new Map(names.entries());
  if (isObject(names)) return new Map(Object.entries(names).map(([index, name]) => [Number(index), name]));
  throw new Error(`${file} names no classes: it has no list names.`);
}

function readYaml(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = parse(text, { maxAliasCount: 10 });
    return isObject(value) ? value : {};
  } catch (cause) {
    throw new Error(`${file} is no YAML: ${(cause as Error).message}`, { cause });
  }
}

/** The name of a photo, or of its labels, without folders and extension. */
const stemOf = (path: string): string => splitName(path.slice(path.lastIndexOf('/') + 1)).stem;

function photoOf(path: string, photos: ReadonlyMap<string, string>): PhotoName {
  const stem = stemOf(path);
  const beside = photos.get(stem);
  return beside === undefined
    ? { name: stem, hasExtension: false }
    : { name: beside.slice(beside.lastIndexOf('/') + 1), hasExtension: true };
}

function readLine(line: string, classes: ReadonlyMap<number, unknown>, photo: PhotoName): ReadAnnotation {
  if (line.length > MOST_LINE) throw new BadPlace(`the line is longer than ${MOST_LINE} characters`);
  const numbers = line.trim().split(/\s+/).map(Number);
  const [index, ...rest] = numbers;
  if (index === undefined || !numbers.every(Number.isFinite)) throw new BadPlace('the line is no list of numbers');
  if (!classes.has(index)) throw new BadPlace(`class ${index} has no name`);
  const label = checkLabel(String(classes.get(index)));
  const hasScore = rest.length === 5 || (rest.length > 6 && rest.length % 2 === 1);
  const values = hasScore ? rest.slice(0, -1) : rest;
  const score = hasScore ? toScore(rest.at(-1)) : undefined;
  if (values.length !== 4 && (values.length < 6 || values.length % 2 === 1)) {
    throw new BadPlace(
      `a class and ${rest.length} numbers are neither a box (4) nor an outline of 3 or more vertices (6, 8, …)`,
    );
  }
  if (values.length === 4) {
    const [x, y, width, height] = values as [number, number, number, number];
    const corners = [
      [x - width / 2, y - height / 2],
      [x + width / 2, y + height / 2],
    ];
    return { photo, label, score, shape: toBox(toPoints(corners.flat()), UNIT) };
  }
  const points = toPoints(values);
  return { photo, label, score, shape: isBox(points) ? toBox(points, UNIT) : toOutline([points], UNIT) };
}

/** Whether a line of four corners is an upright rectangle, as boxes are written among outlines. */
function isBox(points: Ring): boolean {
  const [xs, ys] = [new Set(points.map(({ x }) => x)), new Set(points.map(({ y }) => y))];
  return (
    points.length === 4 && xs.size === 2 && ys.size === 2 && new Set(points.map(({ x, y }) => `${x},${y}`)).size === 4
  );
}

function toPoints(values: readonly number[]): Ring {
  const fractions = values.map((value) => {
    if (value < -BEYOND || value > 1 + BEYOND) throw new BadPlace(`${value} is no fraction of the photo, 0 to 1`);
    return Math.min(Math.max(value, 0), 1);
  });
  return Array.from({ length: fractions.length / 2 }, (_, i) =>
    pixelPoint(fractions[2 * i] ?? 0, fractions[2 * i + 1] ?? 0),
  );
}
