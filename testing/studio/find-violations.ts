import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Looks for what keeps people with a disability out, by axe-core's rules. Returns a line for each violation. */
export async function findViolations(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the content security policy does not bind.
  await page.evaluate(source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, any }) => `${id}: ${help}: ${html.slice(0, 160)} ${any.map(({ message }) => message).join('; ')}`,
    ),
  );
}
