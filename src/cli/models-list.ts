import type { Config } from '../config/load-config.ts';
import { CATALOGUE, type DownloadableModel, isPackaged, type Model } from '../models/catalogue.ts';
import { findModelFiles, type InstalledFile } from '../models/model-files.ts';
import { packagePath } from '../runtime/package-path.ts';
import { formatTable } from './format-table.ts';

type ModelState = 'in the package' | 'here' | 'not confirmed' | 'incomplete' | 'not here';

/** Prints the models: a table, or all their data as JSON. */
export async function listModels(config: Config, { json }: { json?: true }): Promise<void> {
  const models = await Promise.all(
    CATALOGUE.map(async (model) => ({ model, files: await findModelFiles(model, config.modelsDir) })),
  );
  if (json) {
    const described = models.map(({ model, files }) => describe(model, files, config));
    process.stdout.write(`${JSON.stringify(described, null, 2)}\n`);
    return;
  }
  const rows = models.map(({ model, files }) => [
    model.id === config.model ? '*' : '',
    model.id,
    model.title,
    model.licence,
    stateOf(model, files),
    sizeOf(files),
  ]);
  process.stdout.write(formatTable([['', 'name', 'model', 'licence', 'files', 'size'], ...rows]));
  process.stdout.write(
    `\n* is KONTUR_MODEL. Files are kept in ${config.modelsDir}. Licences: ${packagePath('docs/models.md')}.\n`,
  );
}

function describe(model: Model | DownloadableModel, files: InstalledFile[], config: Config) {
  const { id, title, licence, source, flavour, preprocessing } = model;
  return {
    id,
    title,
    licence,
    source,
    archive: isPackaged(model) ? undefined : model.archive,
    flavour,
    preprocessing,
    state: stateOf(model, files),
    chosen: id === config.model,
    files,
  };
}

function stateOf(model: Model | DownloadableModel, files: InstalledFile[]): ModelState {
  const present = files.filter(({ bytes }) => bytes !== undefined);
  if (present.length === 0) return 'not here';
  if (present.length < files.length) return 'incomplete';
  if (isPackaged(model)) return 'in the package';
  return files.every(({ checksum }) => checksum.origin !== 'unknown') ? 'here' : 'not confirmed';
}

function sizeOf(files: InstalledFile[]): string {
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return bytes === 0 ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}
