import { shown } from '../format-table.ts';
import type { MeasuredRow, Measurement } from '../measurement.ts';
import { isMet } from '../row.ts';

/** All of docs/measurements/, by the names of their files. */
export type Measurements = Record<string, Measurement>;

/** A table of figures as markdown, and the measurements that it is generated from. */
export interface FigureTable {
  markdown: string;
  sources: string[];
}

type Cell = string;
type Table = (measurements: Measurements) => FigureTable;

/** Share of the decoder's time that clicks may take on a machine that also has to do everything else. */
const CLICK_SHARE = 0.5;

const POINT = 'one point on a known image through HTTP, p50';
const BOX = 'a box on a known image through HTTP, p50';
const OURS_TO_SHIPPED = 'ratio to the shipped graphs';

/** Tables by their names in the markers of a page. */
export const TABLES: Record<string, Table> = {
  claims: (all) => ({
    sources: ['bench', 'eval'],
    markdown: table(
      ['on one machine of 2 cores', 'measured', 'again with'],
      [
        ['a photo that was never seen, encoded', figure(all, 'bench', 'encode, 640 x 480'), '`npm run bench`'],
        ['a job with one click on a known photo, POST to Completed', figure(all, 'bench', POINT), '`npm run bench`'],
        ['jobs on new photos', figure(all, 'bench', 'new images through HTTP, 8 jobs at a time'), '`npm run bench`'],
        [
          '`kontur segment`, from its start to the first polygons',
          figure(all, 'bench', 'cold start of the command line, to the first polygons'),
          '`npm run bench`',
        ],
        [
          `mean IoU with true masks${setsText(all)}: a box; one click; five clicks`,
          ['box', 'one click, first segment', '5 clicks']
            .map((kind) => figure(all, 'eval', `${firstScope(all)}${kind}`))
            .join('; '),
          '`npm run eval -- --data DIR`',
        ],
      ],
    ),
  }),

  'engine-now': (all) => ({
    sources: ['bench'],
    markdown: table(
      ['measure', 'result', 'target', ''],
      find(all, 'bench')
        .rows.filter(({ target }) => target !== undefined)
        .map((row) => [row.name, cellOf(row), targetOf(row), verdictOf(row)]),
    ),
  }),

  processors: (all) => {
    const sources = Object.keys(all).filter((name) => /^bench(-|$)/.test(name));
    return {
      sources,
      markdown: table(
        ['measure', 'target', ...sources.map((name) => find(all, name).machine.processor)],
        find(all, 'bench')
          .rows.filter(({ target }) => target !== undefined)
          .map((row) => [row.name, targetOf(row), ...sources.map((source) => figureOrGap(all, source, row.name))]),
      ),
    };
  },

  'encoder-graphs': (all) => ({
    sources: ['encoder-graphs'],
    markdown: table(
      ['graph, on a square photo', 'time', 'ratio', 'error of the embedding', 'resident memory', 'file'],
      ['shipped graph, default options', 'rebuilt, fp32', 'rebuilt, int8'].map((graph) => [
        graph,
        ...['', ': ratio to the shipped graph', ': relative error of the embedding', ': resident memory', ': file'].map(
          (what) => figureOrGap(all, 'encoder-graphs', `${graph}${what}`),
        ),
      ]),
    ),
  }),

  'encoder-steps': (all) => ({
    sources: ['encoder-steps'],
    markdown: table(
      ['step', 'saves of an encode', 'decision'],
      (
        [
          ['static shapes and fused operators, fp32', '0001-rebuild-the-graphs'],
          ['int8, after that', '0002-int8-linear-layers'],
          ['attention as one operator', '0004-attention-as-one-operator'],
          ['gathers instead of transposes, pads and slices', '0004-attention-as-one-operator'],
          ['strips from pixels to tokens', '0005-compute-in-strips'],
          ['hidden layers in parts of 4 MB', '0005-compute-in-strips'],
          ["Winograd's method in the neck", '0006-winograd-in-the-neck'],
          ['convolutions of single pixels, 32 channels at a time', '0007-operators-and-session-options'],
          ['the smaller input for a photo in 4:3', '0010-aspect-buckets'],
        ] as const
      ).map(([step, decision]) => [
        step,
        figure(all, 'encoder-steps', step),
        `[${decision.slice(0, 4)}](../decisions/${decision}.md)`,
      ]),
    ),
  }),

  'encoder-profile': (all) => ({
    sources: ['encoder-profile'],
    markdown: table(
      ['part of an encode', 'time'],
      find(all, 'encoder-profile').rows.map((row) => [row.name, cellOf(row)]),
    ),
  }),

  'decoder-graphs': (all) => ({
    sources: ['decoder-graphs'],
    markdown: table(
      ['graph, one point', 'processor time', 'products', 'transposed convolutions', 'changes of layout', 'rest'],
      ['shipped graph, cut before it picks a mask', 'rebuilt'].map((graph) => [
        graph,
        ...['', ': products', ': transposed convolutions', ': changes of layout', ': rest'].map((what) =>
          figureOrGap(all, 'decoder-graphs', `${graph}${what}`),
        ),
      ]),
    ),
  }),

  accuracy: (all) => {
    const { rows } = find(all, 'eval');
    const sets = new Set(
      rows.map(({ name }) => (name.includes(': ') ? name.slice(0, name.indexOf(': ')) : 'all objects')),
    );
    const shownKinds = [
      ['box', 'box'],
      ['one click', 'one click, first segment'],
      ['three places', 'one click, mean of three places'],
      ['best of the answered', 'one click, best of the answered'],
      ['3 clicks', '3 clicks'],
      ['5 clicks', '5 clicks'],
    ] as const;
    const cell = (set: string, kind: string) => {
      const difference = rows.find(({ name }) => name === `${set}: ${kind}, less plain weights`);
      if (!difference) return figureOrGap(all, 'eval', `${firstScope(all)}${kind}`);
      const { measured, interval } = difference;
      const ends = interval?.map((end) => end.toFixed(1)).join(', ');
      const sign = measured < 0 ? '' : '+';
      return `${figure(all, 'eval', `${set}: ${kind}`)}, ${sign}${measured.toFixed(1)} [${ends}]`;
    };
    return {
      sources: ['eval'],
      markdown: table(
        ['set', ...shownKinds.map(([label]) => label)],
        [...sets].map((set) => [set, ...shownKinds.map(([, kind]) => cell(set, kind))]),
      ),
    };
  },

  'accuracy-targets': (all) => ({
    sources: ['eval'],
    markdown: table(
      ['measure', 'result', 'target', ''],
      find(all, 'eval')
        .rows.filter(({ name, target }) => target !== undefined && (isOfAllSets(name) || !name.includes('less plain')))
        .map((row) => [row.name, cellOf(row), targetOf(row), verdictOf(row)]),
    ),
  }),

  windows: (all) => ({
    sources: ['eval-mosaic', 'eval-mosaic-whole'],
    markdown: table(
      ['prompt on a photo of 2560 x 1920', 'whole photo', 'windows'],
      find(all, 'eval-mosaic')
        .rows.filter(({ name }) => !name.endsWith(', less plain weights'))
        .map((row) => [row.name.replace(/^.*: /, ''), figureOrGap(all, 'eval-mosaic-whole', row.name), cellOf(row)]),
    ),
  }),

  memory: (all) => ({
    sources: ['bench', 'soak'],
    markdown: table(
      ['resident memory', 'result', 'target'],
      [
        ...[find(all, 'bench', 'resident memory of the engine processes less their caches')],
        ...find(all, 'soak').rows.filter(({ target }) => target !== undefined),
      ].map((row) => [row.name, cellOf(row), targetOf(row)]),
    ),
  }),

  jobs: (all) => ({
    sources: ['jobs'],
    markdown: table(
      ['', 'PGlite', 'PostgreSQL', 'target'],
      (
        [
          ['jobs a second, submitted to Completed', ': jobs a second, submitted to Completed'],
          ['the same of bare pg-boss', ': jobs a second, submitted to Completed: bare pg-boss, sent to handled'],
          ['ratio', ': jobs a second, submitted to Completed: ratio'],
          ['idle: POST to start of work, p50', ', idle: POST to start of work, p50'],
          ['idle: POST to Completed, p50', ', idle: POST to start of work, p50: POST to Completed, p50'],
          ['idle: POST to Completed, p99', ', idle: POST to start of work, p50: POST to Completed, p99'],
          ['POST with many finished jobs, p50', ': POST with many finished jobs, p50'],
          ['to that with few', ': POST with many finished jobs, p50: to that with few'],
          ['GET with many finished jobs, p50', ': GET with many finished jobs, p50'],
          ['to that with few', ': GET with many finished jobs, p50: to that with few'],
          ['memory of a process without engine', ': memory over a long run, last fifth'],
          ['last fifth of a long run to the second', ': memory over a long run, last fifth: to second fifth'],
          ['a finished job on disk', ': a finished job on disk, indexes included'],
          ['2 workers: speed-up to their number', `${WORKERS}: 2 workers, speed-up to the number of workers`],
          ['4 workers: speed-up to their number', `${WORKERS}: 4 workers, speed-up to the number of workers`],
        ] as const
      ).map(([label, name]) => [
        label,
        figureOrGap(all, 'jobs', `PGlite${name}`),
        figureOrGap(all, 'jobs', `PostgreSQL${name}`),
        targetOf(find(all, 'jobs', `PostgreSQL${name}`)),
      ]),
    ),
  }),

  'engine-cost': (all) => ({
    sources: ['bench'],
    markdown: table(
      ['on 2 cores', 'time', 'so, a second'],
      [
        ['encode a photo in 4:3', ...timeAndRate(all, 'encode, 640 x 480')],
        ['encode a square photo', ...timeAndRate(all, 'encode, 1024 x 1024')],
        ['decode one click on a known photo', ...timeAndRate(all, 'decode alone, one point')],
        ['a job with one click on a known photo, one after the other', ...timeAndRate(all, POINT)],
        ['a job with a box on a known photo, one after the other', ...timeAndRate(all, BOX)],
        [
          'jobs on new photos in 4:3, 8 at a time',
          '',
          figure(all, 'bench', 'new images through HTTP, 8 jobs at a time').replace('/s', '').trim(),
        ],
      ],
    ),
  }),

  machines: (all) => {
    const newPhotos = find(all, 'bench', 'new images through HTTP, 8 jobs at a time').measured;
    const clicks = (CLICK_SHARE * 1000) / find(all, 'bench', 'decode alone, one point').measured;
    const machines = (jobs: number, rate: number) => {
      const count = Math.ceil(jobs / rate);
      return count === 1 ? '1' : `${count} (${2 * count} cores)`;
    };
    return {
      sources: ['bench'],
      markdown: table(
        ['jobs a second', 'on new photos in 4:3', 'clicks on known photos', 'database'],
        (
          [
            [1, 'PGlite'],
            [10, 'PGlite for known photos; else PostgreSQL'],
            [100, 'PostgreSQL, 2 cores for itself'],
            [1000, 'PostgreSQL, 8 cores or more, and what is below'],
          ] as const
        ).map(([jobs, database]) => [`${jobs}`, machines(jobs, newPhotos), machines(jobs, clicks), database]),
      ),
    };
  },

  ratios: (all) => ({
    sources: ['bench'],
    markdown: table(
      ['', '640 x 480', '4000 x 3000'],
      (
        [
          ['encode a photo', 'encode'],
          ['one click on a known photo, the decode alone', 'decode of one point'],
          ['first answer on a new photo', 'first answer'],
        ] as const
      ).map(([label, task]) => [
        label,
        ...['640 x 480', '4000 x 3000'].map((size) => figure(all, 'bench', `${task}, ${size}: ${OURS_TO_SHIPPED}`)),
      ]),
    ),
  }),
};

const isOfAllSets = (name: string): boolean => name.startsWith('mean over the sets: ');

/** How many sets of photos an evaluation is the mean of, where there are several. */
function setsText(all: Measurements): string {
  const sets = find(all, 'eval').settings?.sets;
  return sets === undefined ? '' : `, mean over ${sets} kinds of photos`;
}

/** What the names of the first rows of an evaluation begin with: all sets, or the only one. */
const firstScope = (all: Measurements): string => find(all, 'eval').rows[0]?.name.replace(/box$/, '') ?? '';

const WORKERS = ': jobs of 20 ms a second, one worker';

/** Time of a row in milliseconds, and how many of them make a second. */
function timeAndRate(all: Measurements, name: string): [Cell, Cell] {
  const row = find(all, 'bench', name);
  return [cellOf(row), shown(1000 / row.measured)];
}

function find(all: Measurements, source: string): Measurement;
function find(all: Measurements, source: string, name: string): MeasuredRow;
function find(all: Measurements, source: string, name?: string): Measurement | MeasuredRow {
  const measurement = all[source];
  if (measurement === undefined) throw new Error(`There is no docs/measurements/${source}.json.`);
  if (name === undefined) return measurement;
  const row = measurement.rows.find((row) => row.name === name);
  if (row === undefined) throw new Error(`docs/measurements/${source}.json has no row "${name}".`);
  return row;
}

const figure = (all: Measurements, source: string, name: string): Cell => cellOf(find(all, source, name));

function figureOrGap(all: Measurements, source: string, name: string): Cell {
  const row = find(all, source).rows.find((row) => row.name === name);
  return row === undefined ? '' : cellOf(row);
}

function cellOf({ measured, unit, range, notApplicable }: MeasuredRow): Cell {
  if (notApplicable !== undefined) return notApplicable;
  if (range !== undefined) {
    const low = figureText(range[0], unit).replace(/ \D*$/, '');
    return `${low} to ${figureText(range[1], unit)}`;
  }
  return figureText(measured, unit);
}

/**
 * Formats a figure. Very small figures keep their exponent; figures with a unit lose trailing zeros, ratios keep them.
 */
function figureText(value: number, unit?: string): Cell {
  if (value === 0) return unit === undefined ? '0' : `0 ${unit}`;
  if (Math.abs(value) < 0.05) return value.toExponential(1);
  return unit === undefined ? shown(value) : `${Number(shown(value))} ${unit}`;
}

function targetOf({ target, unit }: MeasuredRow): Cell {
  if (target === undefined) return '';
  return 'atLeast' in target
    ? `at least ${figureText(target.atLeast, unit)}`
    : `at most ${figureText(target.atMost, unit)}`;
}

function verdictOf(row: MeasuredRow): Cell {
  const met = isMet(row);
  return met === undefined ? '' : met ? 'met' : '**missed**';
}

function table(head: Cell[], rows: Cell[][]): string {
  const line = (cells: Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
