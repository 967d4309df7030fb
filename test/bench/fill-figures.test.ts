import { describe, expect, it } from 'vitest';
import { fillFigures } from '../../bench/figures/fill-figures.ts';
import { TABLES } from '../../bench/figures/tables.ts';
import type { Measurement } from '../../bench/measurement.ts';

const measurement = (rows: Measurement['rows']): Measurement => ({
  title: 'Speed',
  command: 'npm run bench',
  date: '2026-01-02',
  commit: 'abc1234',
  machine: { processor: 'A processor', cores: 2, node: '20.20.2' },
  rows,
});
const ratio = 'encode, 640 x 480: ratio to the shipped graphs';
const fill = (text: string, measured: number) =>
  fillFigures('docs/engine/README.md', text, {
    fillings: TABLES,
    measurements: {
      bench: measurement([
        { name: 'encode, 640 x 480', measured: 180, unit: 'ms' },
        { name: ratio, measured, target: { atMost: 0.5 } },
      ]),
    },
  });
const page = (between = '') => `# Page\n\n<!-- figures:engine-now -->\n${between}<!-- /figures -->\n\nEnd.\n`;

describe('figures between markers', () => {
  it('are those of the measurement, with target, verdict and origin', () => {
    expect(fill(page(), 0.45)).toBe(
      page(
        `
| measure | result | target |  |
|---|---|---|---|
| ${ratio} | 0.45 | at most 0.50 | met |

<sub>[bench.json](../measurements/bench.json):
\`npm run bench\`;
2026-01-02, commit abc1234;
A processor, 2 cores, Node 20.20.2</sub>

`,
      ),
    );
  });

  it('replace those that were there, and nothing else', () => {
    const once = fill(page(), 0.45);
    expect(fill(once, 0.45)).toBe(once);
    expect(fill(once, 0.51)).toBe(once.replace('0.45 | at most 0.50 | met', '0.51 | at most 0.50 | **missed**'));
  });

  it.each([
    ['an unknown name', '<!-- figures:weather -->\n<!-- /figures -->\n', /asks for the figures "weather"/],
    ['no end', '<!-- figures:engine-now -->\n', /without its partner/],
    ['no beginning', '<!-- /figures -->\n', /without its partner/],
    ['two beginnings', `<!-- figures:engine-now -->\n${page()}`, /without its partner/],
    ['a measurement that is missing', page().replace('engine-now', 'accuracy'), /no docs\/measurements\/eval\.json/],
    ['a row that is missing', page().replace('engine-now', 'engine-cost'), /bench\.json has no row/],
  ])('are refused with %s', (_, text, message) => {
    expect(() => fill(text, 0.45)).toThrow(message);
  });
});
