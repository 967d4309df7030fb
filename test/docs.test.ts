import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeErrors } from '#contract/describe-errors';
import { describeSettings } from '../src/config/describe-settings.ts';

const page = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

test.each([
  ['configuration.md', describeSettings],
  ['errors.md', describeErrors],
])('docs/%s is up to date (npm run docs writes it)', (name, describe) => {
  expect(page(name)).toBe(describe());
});
