import path from 'node:path';
import type { Measurement } from '../measurement.ts';
import type { FigureTable, Measurements } from './tables.ts';

/** Replacement of a marker: a table with its origin, or any other text that is generated from files. */
export type Filling = (measurements: Measurements) => FigureTable | string;

const MARKED = /(<!-- figures:([\w-]+) -->\n)[\s\S]*?(<!-- \/figures -->)/g;

/**
 * Fills in the text between each pair of markers of a page, `<!-- figures:NAME -->` and `<!-- /figures -->`.
 *
 * @param page path of the page from the root of the repository, for the links to the measurements
 * @throws Error if a marker has no partner, or names something that is not in `fillings`
 */
export function fillFigures(
  page: string,
  text: string,
  { fillings, measurements }: { fillings: Record<string, Filling>; measurements: Measurements },
): string {
  const filled = text.replace(MARKED, (_, begin: string, name: string, end: string) => {
    const filling = fillings[name];
    if (filling === undefined) throw new Error(`${page} asks for the figures "${name}", which nothing makes.`);
    const made = filling(measurements);
    return `${begin}\n${typeof made === 'string' ? made : withOrigin(page, made, measurements)}\n\n${end}`;
  });
  const [begins, ends] = [/<!-- figures:/g, /<!-- \/figures -->/g].map((marker) => text.match(marker)?.length ?? 0);
  if (begins !== ends || begins !== (text.match(MARKED)?.length ?? 0)) {
    throw new Error(`${page} has a marker of figures without its partner.`);
  }
  return filled;
}

/** A table and, below it, when and on what it was measured. */
function withOrigin(page: string, { markdown, sources }: FigureTable, measurements: Measurements): string {
  const origins = sources.map((source) => {
    const measurement = measurements[source];
    if (measurement === undefined) throw new Error(`There is no docs/measurements/${source}.json.`);
    const link = path.posix.relative(path.posix.dirname(page), `docs/measurements/${source}.json`);
    return `[${source}.json](${link}):\n${describeOrigin(measurement)}`;
  });
  return `${markdown}\n\n${origins.map((origin) => `<sub>${origin}</sub>`).join('<br>\n')}`;
}

function describeOrigin({ command, date, commit, machine, note }: Measurement): string {
  const { processor, cores, node } = machine;
  const measured = command === 'by hand' ? 'measured by hand' : `\`${command}\``;
  return [
    measured,
    `${date}, commit ${commit}`,
    `${processor}, ${cores} cores${node === undefined ? '' : `, Node ${node}`}`,
    ...(note?.startsWith('transcribed') ? ['transcribed'] : []),
  ].join(';\n');
}
