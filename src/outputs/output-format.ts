import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';

/** A segment as formats take it: rings in pixels of the upright photo, with real holes. */
export interface OutputSegment {
  /** Index among the segments of the prompt's answer; 0 is the best. */
  index: number;
  /** The model's estimate of the mask's IoU, 0..1. */
  score: number;
  parts: MaskPolygon[];
  /** What it is of, where somebody named it. */
  label?: string;
  /** What it was found by, where that is not the prompt of the whole source. */
  prompt?: Prompt;
}

/**
 * What a format writes: segments of one photo, and facts about that photo. `ImageSize` is its upright size in pixels.
 */
export interface OutputSource extends ImageSize {
  /** Id and name of the photo for documents; formats that show the name have `name` in `needs`. */
  photo: { id: number; name: string };
  /** What all segments were found by; absent where each has a prompt of its own. */
  prompt?: Prompt;
  /**
   * Labels in the order of their classes, for documents of several photos that number them alike. Default: those of the
   * segments in the order in which they occur.
   */
  labels?: readonly string[];
  segments: readonly OutputSegment[];
  /** Spaces per level of indentation of a JSON document. Default: one line. */
  indent?: number;
}

/**
 * Functions that make pixels, passed in by the caller, so that formats run anywhere. `Bytes` is the caller's type for a
 * file: a stream in Node, a Blob in a browser.
 */
export interface Raster<Bytes> {
  /** PNG of the upright photo's size, 8-bit greyscale: 255 inside the parts, 0 outside and in holes. */
  encodeMask(parts: readonly MaskPolygon[], size: ImageSize): Bytes | Promise<Bytes>;
  /**
   * PNG of the upright photo's size that is transparent outside the parts and contains no pixels of the photo there.
   */
  cutOut(parts: readonly MaskPolygon[]): Bytes | Promise<Bytes>;
  /** PNG of the upright photo, scaled to a handy size, with segments and prompt drawn over it. */
  draw(segments: readonly OutputSegment[], prompt: Prompt): Bytes | Promise<Bytes>;
  /** Awaited now and then by computations that go over all pixels: lets other work of the process go first. */
  giveWay(): Promise<unknown>;
}

/**
 * What a format needs in addition to rings and image size. `name`: the photo's name; `encoder`: a PNG encoder; `photo`:
 * the photo's pixels.
 */
export type OutputNeed = 'name' | 'encoder' | 'photo';

/** A JSON Schema, as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** One option of a format, as JSON Schema: a choice, a whole number or a text. Each has a default. */
export type OutputOption = { readonly description: string } & (
  | { readonly type: 'string'; readonly enum: readonly string[]; readonly default: string }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number; readonly default: number }
  | { readonly type: 'string'; readonly minLength: 1; readonly maxLength: number; readonly default: string }
);

/**
 * The options of a format by name, in lower case. The names are the same in queries, on the command line and in the
 * library.
 */
export type OutputOptions = Readonly<Record<string, OutputOption>>;

type OptionValue<Option> = Option extends { enum: readonly (infer Choice)[] }
  ? Choice
  : Option extends { type: 'integer' }
    ? number
    : string;

/** The values of a format's options, all of them present. */
export type OptionValues<Options extends OutputOptions = OutputOptions> = {
  -readonly [Name in keyof Options]: OptionValue<Options[Name]>;
};

/**
 * An output format: one way to write segments. The API's routes, the command line, the library, the docs and menus are
 * derived from the list of these.
 */
export interface OutputFormat<Options extends OutputOptions = OutputOptions> {
  /**
   * Lower case; the name on the command line and in the library and, with the extension, in the address of the route.
   */
  name: string;
  /** Further names on the command line and in the library, each with the values of options that it implies. */
  aliases?: Readonly<Record<string, Partial<OptionValues<Options>>>>;
  /** `operationId` of the route in the description of the API. */
  operationId: string;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  needs: readonly OutputNeed[];
  /** Whether it always writes all segments instead of a chosen one. */
  writesAll: boolean;
  /** A short description, which follows the name in lists. */
  is: string;
  /** Summary and description of the route in the description of the API. */
  summary: string;
  description: string;
  /** JSON Schema of what is written: an object for JSON, else a string, with the format `binary` for pixels. */
  schema: JsonSchema;
  options: Options;
  /** Writes the segments. Of `raster`, only calls what `needs` announces, and `giveWay`. */
  write<Bytes>(
    source: OutputSource,
    options: OptionValues<Options>,
    raster: Raster<Bytes>,
  ): string | Bytes | Promise<string | Bytes>;
}

/** Defines an output format; infers the types of its options' values. */
export const defineFormat = <const Options extends OutputOptions>(
  format: OutputFormat<Options>,
): OutputFormat<Options> => format;

/** Serialises a JSON document, indented as the source says. */
export const toJson = (document: unknown, { indent }: Pick<OutputSource, 'indent'>): string =>
  JSON.stringify(document, null, indent);

/** Rounds to thousandths of a pixel: finer than the wire's millionths for any image above 1,000 pixels. */
export const roundPixels = (value: number): number => Math.round(value * 1000) / 1000;

/** Last part of a format's address below the job, and of the name of a file after the photo's: name and extension. */
export const addressOf = ({ name, extension }: Pick<OutputFormat, 'name' | 'extension'>): string =>
  name === extension ? name : `${name}.${extension}`;

/** Whether a format is a picture, and neither text nor JSON. */
export const isBinary = ({ needs }: Pick<OutputFormat, 'needs'>): boolean =>
  needs.includes('encoder') || needs.includes('photo');
