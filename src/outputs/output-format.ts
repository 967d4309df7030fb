import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';

/** A segment on its way into a file format: its rings in pixels of the upright photo, holes as holes. */
export interface OutputSegment {
  /** Place among the segments that the prompt was answered with; 0 is the best. */
  index: number;
  /** The model's estimate of the mask's IoU, 0..1. */
  score: number;
  parts: MaskPolygon[];
}

/** What a format writes: segments of one photo, and what is known of that photo. `ImageSize` is its upright size in pixels. */
export interface OutputSource extends ImageSize {
  /** What documents call the photo; formats that show it say so in `needs`. */
  photo: { id: number; name: string };
  prompt: Prompt;
  segments: readonly OutputSegment[];
  /** Spaces by which each level of a JSON document is indented. Default: it is one line. */
  indent?: number;
}

/**
 * What formats of pixels are written with, handed in by the caller, so that formats themselves run anywhere. `Bytes` is what the
 * caller makes of a file: a stream in Node, a Blob in a browser.
 */
export interface Raster<Bytes> {
  /** PNG of the upright photo's size, 8-bit greyscale: 255 inside the parts, 0 outside and in holes. */
  encodeMask(parts: readonly MaskPolygon[], size: ImageSize): Bytes | Promise<Bytes>;
  /** PNG of the upright photo's size that is transparent, and empty, outside the parts. */
  cutOut(parts: readonly MaskPolygon[]): Bytes | Promise<Bytes>;
  /** PNG of the upright photo, at a size that is handy, with segments and prompt drawn over it. */
  draw(segments: readonly OutputSegment[], prompt: Prompt): Bytes | Promise<Bytes>;
}

/**
 * What a format cannot be written without, beside rings and image size. `name`: the photo's name; `encoder`: something that
 * writes a PNG; `photo`: the photo's pixels.
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

/** The options of a format by name, in lower case. The same names are used in queries, on the command line and by the library. */
export type OutputOptions = Readonly<Record<string, OutputOption>>;

type OptionValue<Option> = Option extends { enum: readonly (infer Choice)[] }
  ? Choice
  : Option extends { type: 'integer' }
    ? number
    : string;

/** Values for options, all of them given. */
export type OptionValues<Options extends OutputOptions = OutputOptions> = {
  -readonly [Name in keyof Options]: OptionValue<Options[Name]>;
};

/** One way to write segments. The API's routes, the command line, the library, the docs and menus are made of these. */
export interface OutputFormat<Options extends OutputOptions = OutputOptions> {
  /** Lower case; as the command line, the library and, with the extension, the address of the route call it. */
  name: string;
  /** Other names on the command line and in the library, each with the values of options that it stands for. */
  aliases?: Readonly<Record<string, Partial<OptionValues<Options>>>>;
  /** Name of the operation in the description of the API. */
  operationId: string;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  needs: readonly OutputNeed[];
  /** Whether it always has every segment that was found, and not one that is chosen. */
  writesAll: boolean;
  /** A line that follows the name in a list. */
  is: string;
  /** Heading and text for the description of the API. */
  summary: string;
  description: string;
  /** What is written: an object for JSON, else a string, of the format `binary` for pixels. */
  schema: JsonSchema;
  options: Options;
  /** Calls of `raster` only what `needs` announces. */
  write<Bytes>(
    source: OutputSource,
    options: OptionValues<Options>,
    raster: Raster<Bytes>,
  ): string | Bytes | Promise<Bytes>;
}

/** Lets the options of a format give their values types. */
export const defineFormat = <const Options extends OutputOptions>(
  format: OutputFormat<Options>,
): OutputFormat<Options> => format;

/** Text of a JSON document, indented as the source asks. */
export const toJson = (document: unknown, { indent }: Pick<OutputSource, 'indent'>): string =>
  JSON.stringify(document, null, indent);

/** Files carry thousandths of a pixel: finer than the wire's millionths of any image above 1,000 pixels. */
export const roundPixels = (value: number): number => Math.round(value * 1000) / 1000;

/** What follows the job in the address of a format, and the photo in the name of a file. */
export const addressOf = ({ name, extension }: Pick<OutputFormat, 'name' | 'extension'>): string =>
  name === extension ? name : `${name}.${extension}`;

/** Whether a format is made of pixels, so that it is neither text nor JSON. */
export const isBinary = ({ needs }: Pick<OutputFormat, 'needs'>): boolean =>
  needs.includes('encoder') || needs.includes('photo');
