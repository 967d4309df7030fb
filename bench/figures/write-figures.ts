import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readMeasurements } from '../measurement.ts';
import { indexDecisions, readDecisions } from './decisions.ts';
import { fillFigures } from './fill-figures.ts';
import { TABLES } from './tables.ts';

const root = path.join(import.meta.dirname, '../..');

/** Paths of all pages that may hold figures, from the root of the repository: README.md and everything in docs/. */
export function listPages(): string[] {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...docs.map((file) => path.posix.join('docs', file.replaceAll(path.sep, '/')))]
    .filter((file) => file.endsWith('.md'))
    .sort();
}

/** A page as it is, and as it should be with the figures of docs/measurements/. */
export function renderPage(page: string): { present: string; wanted: string } {
  const present = readFileSync(path.join(root, page), 'utf8');
  return { present, wanted: fillFigures(page, present, sources()) };
}

/** Rewrites the figures of every page. Returns the pages that changed. */
export function writeFigures(): string[] {
  return listPages().filter((page) => {
    const { present, wanted } = renderPage(page);
    if (present !== wanted) writeFileSync(path.join(root, page), wanted);
    return present !== wanted;
  });
}

const sources = () => ({
  measurements: readMeasurements(path.join(root, 'docs/measurements')),
  fillings: { ...TABLES, decisions: () => indexDecisions(readDecisions(path.join(root, 'docs/decisions'))) },
});
