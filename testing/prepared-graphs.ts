import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_COMMON, SQUARE } from '../src/models/aspect-buckets.ts';
import { MOBILE_SAM } from '../src/models/catalogue.ts';
import { choosePrecision } from '../src/models/choose-precision.ts';
import { prepareDecoder, prepareEncoder } from '../src/models/prepare-model.ts';
import { madeOnce } from './made-once.ts';

/**
 * Variable with the folder of prepared graphs; set for the test run and its children. Preparing them each time would be
 * slow.
 */
const VARIABLE = 'TEST_PREPARED_GRAPHS';

/** Vitest global set-up: the graphs that most tests need, prepared once for all. */
export default async function prepareGraphs(): Promise<() => Promise<void>> {
  const { value, remove } = await madeOnce('prepared graphs', prepare);
  process.env[VARIABLE] = value;
  return remove;
}

async function prepare(): Promise<{ value: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-graphs-'));
  const precision = await choosePrecision({ precision: 'auto', provider: 'cpu', flavour: MOBILE_SAM.flavour });
  await prepareDecoder(MOBILE_SAM, folder);
  for (const input of [MOST_COMMON, SQUARE]) await prepareEncoder(MOBILE_SAM, folder, { precision, input });
  return { value: folder, remove: () => rm(folder, { recursive: true }) };
}

/**
 * Folder of the prepared graphs, for tests that neither damage nor count its files; undefined if tests are not run by
 * Vitest.
 */
export const preparedGraphs = (): string | undefined => process.env[VARIABLE];
