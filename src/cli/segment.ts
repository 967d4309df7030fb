import { Command, InvalidArgumentError } from 'commander';
import { KonturError } from '#contract/errors';
import { checkPrompt } from '#contract/vision/check-prompt';
import type { BoundingBox, Prompt, PromptPoint } from '#contract/vision/prompt';
import { findFormat } from '#outputs/find-format';
import { isBinary, type OutputFormat } from '#outputs/output-format';
import type { Config } from '../config/load-config.ts';
import { checkOut } from './check-out.ts';
import type { Launch } from './launch.ts';
import { readConfig } from './read-config.ts';
import { addFormatOptions, describeFormats, readFormatOptions } from './segment-formats.ts';
import { addSettingFlags, readSettingFlags, SEGMENT_FLAGS } from './setting-flags.ts';
import { UsageError } from './usage-error.ts';

interface SegmentOptions {
  point?: PromptPoint[];
  box?: BoundingBox;
  format: string;
  segment: number;
  out?: string;
}

/** Adds `kontur segment`: segments one photo with one prompt, without a server. */
export function segmentCommand({ umask }: Launch): Command {
  const command = new Command('segment')
    .description('Cuts an object out of one photo, without a server.')
    .argument('<photo>', 'a JPEG or PNG file, a pipe, or - for standard input')
    .option('--point <x,y[,label]>', 'a point on the object, or with label 0 beside it; may be repeated', addPoint)
    .option('--box <xMin,yMin,xMax,yMax>', 'a box around the object', parseBox);
  return addSettingFlags(addFormatOptions(command), SEGMENT_FLAGS)
    .option('--segment <n>', 'which segment to write, from 0, the best; json has all', parseIndex, 0)
    .option('--out <file>', 'where to write it (default: standard output)')
    .addHelpText(
      'after',
      `
Coordinates of points and boxes are fractions of the upright photo: 0,0 is its top-left corner, 1,1 its bottom-right.

Formats:
${describeFormats()}

Examples:
  kontur segment photo.jpg --point 0.5,0.5
  kontur segment photo.jpg --box 0.2,0.2,0.8,0.8 --point 0.1,0.1,0 --format drawing --out drawn.png
  kontur segment photo.jpg --point 0.5,0.5 --format cutout --out cutout.png
  kontur segment photo.jpg --point 0.5,0.5 --segment 1 --format svg > outline.svg`,
    )
    .action(async (photo: string, options: SegmentOptions) => {
      const { point, box, format, segment, out } = options;
      if (point === undefined && box === undefined) {
        throw new UsageError('Say what to cut out: --point x,y or --box xMin,yMin,xMax,yMax (kontur segment --help).');
      }
      const formatOptions = readFormatOptions({ ...options });
      if (isBinary(checkFormat(format, formatOptions)) && out === undefined && process.stdout.isTTY) {
        throw new UsageError('A PNG is not for the screen: name a file with --out, or send the output to one.');
      }
      const config = await readConfig('command', readSettingFlags({ ...options }, SEGMENT_FLAGS));
      // Loaded only here, so that help and usage errors are quick.
      const { openPhoto } = await import('./open-photo.ts');
      const opened = await openPhoto(photo);
      try {
        const outPath = await checkOut(out, opened.path);
        const prompt = await promptFrom(options, opened.path, config);
        const { segmentPhoto } = await import('./segment-photo.ts');
        const task = { photo: opened, prompt, format, options: formatOptions, segment, out: outPath, umask };
        await segmentPhoto(task, config);
      } finally {
        await opened.remove();
      }
    });
}

async function promptFrom(
  { point: points, box: boundingBox }: SegmentOptions,
  photo: string,
  { maxPoints, maxPixels }: Pick<Config, 'maxPoints' | 'maxPixels'>,
): Promise<Prompt> {
  const given = { points, boundingBox };
  try {
    return checkPrompt(given, maxPoints);
  } catch (error) {
    const { suggestFractions } = await import('./suggest-fractions.ts');
    throw new UsageError(`${(error as Error).message}${await suggestFractions(given, photo, maxPixels)}`);
  }
}

function checkFormat(name: string, options: Record<string, string | undefined>): OutputFormat {
  try {
    return findFormat(name, options).format;
  } catch (error) {
    throw error instanceof KonturError ? new UsageError(error.message) : error;
  }
}

function addPoint(text: string, points: PromptPoint[] = []): PromptPoint[] {
  const expected = 'two fractions and an optional label, like 0.5,0.5 or 0.1,0.1,0';
  const [x, y, label = 1, ...more] = parseNumbers(text, expected);
  if (x === undefined || y === undefined || more.length > 0) throw new InvalidArgumentError(`Expected ${expected}.`);
  if (label !== 0 && label !== 1)
    throw new InvalidArgumentError('The label is 1 for the object or 0 for what is not it.');
  return [...points, { x, y, label }];
}

function parseBox(text: string): BoundingBox {
  const expected = 'four fractions, like 0.2,0.2,0.8,0.8';
  const [xMin, yMin, xMax, yMax, ...more] = parseNumbers(text, expected);
  if (xMin === undefined || yMin === undefined || xMax === undefined || yMax === undefined || more.length > 0) {
    throw new InvalidArgumentError(`Expected ${expected}.`);
  }
  return { xMin, yMin, xMax, yMax };
}

function parseIndex(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

function parseNumbers(text: string, expected: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.some((number) => !Number.isFinite(number))) {
    throw new InvalidArgumentError(`Expected ${expected}.`);
  }
  return numbers;
}
