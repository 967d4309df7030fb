import { cpus } from 'node:os';
import { openStudio, type Studio } from '../testing/studio/open-studio.ts';
import { readCount, readOptions } from './read-options.ts';
import { report } from './report.ts';
import type { Row } from './row.ts';
import { measureBrowserPreviews } from './studio/measure-browser-previews.ts';
import { measureLibrary } from './studio/measure-library.ts';
import { measureObjects } from './studio/measure-objects.ts';
import { measureOpening } from './studio/measure-opening.ts';
import { measurePage } from './studio/measure-page.ts';
import { measureServerPreviews } from './studio/measure-previews.ts';
import { watchPage } from './studio/watch-page.ts';

const USAGE = `Usage: npm run bench:studio [-- --rounds N] [--json FILE] [--smoke]
The studio in Chromium against its budgets, with a server of its own: outlines by the server and in the browser, opening, the library, many
objects, weight, memory. Times are taken inside of the page, in turn with what they are compared with; medians over the rounds (40).
--smoke  one round with few files that only shows that it works: no target is checked
Exit codes: 0 every target is met, 1 one is missed, 2 wrong command line.
`;

const { rounds: wishedRounds, smoke, json } = readOptions(USAGE, 'rounds');
const rounds = readCount('rounds', wishedRounds, smoke ? 1 : 40);
const size = smoke
  ? { warmUps: 0, openings: 1, files: 30, opened: 3, paints: 1, objects: 3 }
  : { warmUps: 20, openings: 8, files: 10_000, opened: 200, paints: 3, objects: 500 };

const studio = await openStudio({ initScript: watchPage });
// What is wrong with the page is for the tests to say.
studio.expectFaults(/./);
try {
  const rows = await measure(studio);
  const source = {
    title: `The studio on ${cpus()[0]?.model ?? 'this machine'}, Chromium ${studio.browser.version()}, ${rounds} rounds`,
    command: `npm run bench:studio -- ${smoke ? '--smoke' : `--rounds ${rounds}`}`,
    settings: { rounds, ...size },
  };
  report(source, rows, { jsonFile: json, checkTargets: !smoke });
} finally {
  await studio.close();
}

async function measure(page: Studio): Promise<Row[]> {
  return [
    ...(await measureServerPreviews(page, rounds)),
    ...(await measureBrowserPreviews(page, rounds, size.warmUps)),
    ...(await measureOpening(page, size.openings)),
    ...(await measureObjects(page, size.objects)),
    ...(await measurePage(page)),
    ...(await measureLibrary(page, { files: size.files, opened: size.opened, rounds: size.paints })),
  ];
}
