import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeErrors } from '#contract/describe-errors';
import { describeFormats } from '#outputs/describe-formats';
import { readDecisions } from '../bench/figures/decisions.ts';
import { listPages, renderPage } from '../bench/figures/write-figures.ts';
import { describeSettings } from '../src/config/describe-settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = (name: string) => readFileSync(path.join(root, name), 'utf8');

it.each([
  ['configuration.md', describeSettings],
  ['errors.md', describeErrors],
  ['outputs.md', describeFormats],
])('docs/%s is up to date (npm run docs writes it)', (name, describe) => {
  expect(page(`docs/${name}`)).toBe(describe());
});

it.each(listPages())('%s has the figures of docs/measurements/ (npm run docs writes them)', (name) => {
  const { present, wanted } = renderPage(name);
  expect(present).toBe(wanted);
});

describe('docs/decisions', () => {
  const decisions = readDecisions(path.join(root, 'docs/decisions'));

  it('has numbers without gaps', () => {
    expect(decisions.map(({ number }) => Number(number))).toEqual(decisions.map((_, index) => index + 1));
  });

  it.each(decisions)('$file has the four headings', ({ headings }) => {
    expect(headings).toEqual(['Question', 'Options', 'Decision', 'What would change it']);
  });

  it.each(decisions)('$file is in the index', ({ file, question }) => {
    expect(page('docs/decisions/README.md')).toContain(`](${file}) | ${question} |`);
  });
});
