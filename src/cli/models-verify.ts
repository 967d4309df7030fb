import type { Config } from '../config/load-config.ts';
import { CATALOGUE, type DownloadableModel, isPackaged, type Model } from '../models/catalogue.ts';
import { checkModelFile, type FileState, findModelFiles, type InstalledFile } from '../models/model-files.ts';
import { findModel } from '../models/open-model.ts';
import { formatTable } from './format-table.ts';

const EXIT_FINE = 0;
const EXIT_DAMAGED = 1;

/** Verifies every file of the installed models, of the configured one, and of the named one. Returns the exit code. */
export async function verifyModels(config: Config, name?: string): Promise<number> {
  const models = name === undefined ? CATALOGUE : [findModel(name)];
  const rows: string[][] = [];
  const remedies = new Set<string>();
  for (const model of models) {
    const files = await findModelFiles(model, config.modelsDir);
    const isWanted = model.id === name || model.id === config.model || files.some(({ bytes }) => bytes !== undefined);
    if (!isWanted) continue;
    for (const file of files) {
      const state = await checkModelFile(file);
      rows.push([model.id, state, file.path]);
      if (state !== 'fine') remedies.add(remedyFor(state, model, file));
    }
  }
  if (!CATALOGUE.some(({ id }) => id === config.model)) findModel(config.model);
  process.stdout.write(formatTable([['model', 'state', 'file'], ...rows]));
  for (const remedy of remedies) process.stderr.write(`${remedy}\n`);
  return remedies.size === 0 ? EXIT_FINE : EXIT_DAMAGED;
}

function remedyFor(state: FileState, model: Model | DownloadableModel, { path }: InstalledFile): string {
  if (isPackaged(model)) return `${path} is ${state}: it comes with Kontur, so install Kontur again.`;
  const pull = `kontur models pull ${model.id}`;
  if (state === 'missing') return `${path} is missing: run ${pull}.`;
  if (state === 'damaged') return `${path} is damaged or another version: run ${pull}, which replaces it.`;
  return `${path} was never confirmed: run ${pull}, or ${pull} --from <folder> with a copy that you trust.`;
}
