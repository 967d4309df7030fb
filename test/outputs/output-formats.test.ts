import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { PolygonSchema, SegmentSchema, VertexSchema } from '#contract/vision/segment-job';
import { findFormat, formatNames } from '#outputs/find-format';
import {
  addressOf,
  isBinary,
  type OptionValues,
  type OutputFormat,
  type OutputSource,
  type Raster,
} from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const SOURCE: OutputSource = {
  ...SHAPES_IMAGE,
  photo: { id: 42, name: 'pump 7.jpg' },
  prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
  segments: [
    { index: 0, score: 0.9, parts: SHAPES },
    { index: 1, score: 0.5, parts: SHAPES.slice(1) },
  ],
};

/** Notes what a format takes of it, and gives each file a size. */
function recordingRaster() {
  const calls: string[] = [];
  const record = (name: string) => () => {
    calls.push(name);
    return new Uint8Array(8);
  };
  const raster: Raster<Uint8Array> = {
    encodeMask: record('encoder'),
    cutOut: record('photo'),
    draw: record('photo'),
    giveWay: async () => {},
  };
  return { calls, raster };
}

/** Every value of a choice; for others the default and the ends. */
function everyOption({ name, options }: OutputFormat): OptionValues[] {
  const variants = Object.entries(options).flatMap(([option, schema]): Partial<OptionValues>[] => {
    if ('enum' in schema) return schema.enum.map((value) => ({ [option]: value }));
    if ('minimum' in schema) return [schema.minimum, schema.maximum].map((value) => ({ [option]: value }));
    return ['x', 'ü"\n'.padEnd(schema.maxLength, '<')].map((value) => ({ [option]: value }));
  });
  return [{}, ...variants].map((given) => findFormat(name, given).options);
}

describe('the list', () => {
  it('names each format, alias and address once, so that none hides another', () => {
    for (const names of [formatNames(), OUTPUT_FORMATS.map(addressOf), OUTPUT_FORMATS.map((f) => f.operationId)]) {
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-zA-Z][a-zA-Z.-]+$/);
    }
  });

  it('has names for options that no other parameter has, and defaults that are values of theirs', () => {
    for (const { name, options } of OUTPUT_FORMATS) {
      for (const [option, { default: value }] of Object.entries(options)) {
        expect(option).toMatch(/^[a-z]+$/);
        expect(['segment', 'out', 'format', 'point', 'box', 'photo', 'help']).not.toContain(option);
        expect(findFormat(name, { [option]: value }).options).toMatchObject({ [option]: value });
      }
    }
  });
});

describe('segments with labels and prompts of their own', () => {
  const prompts: Prompt[] = [
    { points: [{ x: 0.1, y: 0.2, label: 1 as const }] },
    { points: [{ x: 0.7, y: 0.8, label: 0 as const }] },
  ];
  const { prompt: _, ...source } = SOURCE;
  const named = source.segments.map((segment, place) => ({
    ...segment,
    label: `pump ${place}`,
    prompt: prompts[place],
  }));

  it('keep both in json, which has no prompt then', async () => {
    const { format, options } = findFormat('json');
    const written = await format.write({ ...source, segments: named }, options, recordingRaster().raster);
    const document = JSON.parse(String(written));
    expect(document).not.toHaveProperty('prompt');
    expect(document.segments).toEqual(named.map(({ label, prompt }) => expect.objectContaining({ label, prompt })));
  });

  it('are drawn with all of their points', async () => {
    const { format, options } = findFormat('drawing');
    const drawn: unknown[] = [];
    const { raster } = recordingRaster();
    const draw: typeof raster.draw = (_segments, prompt) => {
      drawn.push(prompt);
      return new Uint8Array(8);
    };
    await format.write({ ...source, segments: named }, options, { ...raster, draw });
    expect(drawn).toEqual([{ points: prompts.flatMap(({ points }) => points) }]);
  });
});

describe.each(OUTPUT_FORMATS.map((format) => [format.name, format] as const))('%s', (_, format) => {
  const ajv = new Ajv2020({ strict: false, logger: false, schemas: [VertexSchema, PolygonSchema, SegmentSchema] });
  const matches = ajv.compile({ ...format.schema, $id: undefined });

  it('writes what its schema says with any of its options, for one segment, many and none', async () => {
    for (const options of everyOption(format)) {
      for (const count of [1, 2, 0]) {
        const source = { ...SOURCE, segments: SOURCE.segments.slice(0, count) };
        const written = await format.write(source, options, recordingRaster().raster);
        if (isBinary(format)) expect(written).toBeInstanceOf(Uint8Array);
        else expect(matches(format.schema.type === 'object' ? JSON.parse(String(written)) : written)).toBe(true);
      }
    }
  });

  it('takes only what it says it needs', async () => {
    const { calls, raster } = recordingRaster();
    const unnamed = { ...SOURCE, photo: { id: 1, name: 'another name' } };
    const [written, other] = await Promise.all(
      [SOURCE, unnamed].map(async (source) => format.write(source, everyOption(format)[0]!, raster)),
    );
    expect(calls.filter((call) => !format.needs.includes(call as never))).toEqual([]);
    if (!isBinary(format)) expect(written === other).toBe(!format.needs.includes('name'));
  });

  it('indents JSON where that is asked for, and says the same', async () => {
    if (format.schema.type !== 'object') return;
    const [options] = everyOption(format);
    const [line, indented] = await Promise.all(
      [undefined, 2].map(async (indent) =>
        String(await format.write({ ...SOURCE, indent }, options!, recordingRaster().raster)),
      ),
    );
    expect(line).not.toContain('\n');
    expect(indented).toContain('\n  ');
    expect(JSON.parse(indented!)).toEqual(JSON.parse(line!));
  });
});

describe('findFormat', () => {
  it('knows formats by name and alias, which stands for values of options unless others are given', () => {
    expect(findFormat('coco').options).toEqual({ encoding: 'polygons' });
    expect(findFormat('coco-rle')).toMatchObject({ format: { name: 'coco' }, options: { encoding: 'rle' } });
    expect(findFormat('coco-rle', { encoding: 'uncompressed-rle' }).options).toEqual({ encoding: 'uncompressed-rle' });
    expect(findFormat('png').format.name).toBe('drawing');
  });

  it.each([
    ['bmp', {}, 'one of json, drawing'],
    ['toString', {}, 'one of json, drawing'],
    ['svg', { encoding: 'rle' }, 'has no option "encoding"; it has none'],
    ['coco', { encoding: 'png' }, 'one of polygons, rle, uncompressed-rle, and not "png"'],
    ['coco', { constructor: 1 }, 'has no option "constructor"'],
  ])('refuses %s with %j, and says what is possible', (name, given, message) => {
    expect(() => findFormat(name, given)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    expect(() => findFormat(name, given)).toThrow(message);
  });
});
