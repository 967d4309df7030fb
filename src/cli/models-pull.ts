import { createInterface } from 'node:readline/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { Config } from '../config/load-config.ts';
import { isPackaged } from '../models/catalogue.ts';
import { findModel } from '../models/open-model.ts';
import { type PullOptions, pullModel, type UnknownFile } from '../models/pull-model.ts';
import { UsageError } from './usage-error.ts';

/**
 * Downloads the files of a model, with a progress bar for each on a terminal, and prints where they are.
 *
 * @throws UsageError for a checksum that is not a SHA-256; Error if a file cannot be fetched or is not the expected one
 */
export async function pullNamedModel(
  name: string,
  { from, acceptChecksum = [] }: { from?: string; acceptChecksum?: string[] },
  { modelsDir, offline }: Config,
): Promise<void> {
  const model = findModel(name);
  const wrong = acceptChecksum.find((sum) => !/^[0-9a-f]{64}$/.test(sum));
  if (wrong !== undefined) throw new UsageError(`${wrong} is not a SHA-256: 64 hexadecimal digits.`);
  if (isPackaged(model)) {
    process.stdout.write(`${model.title} comes with the package; there is nothing to fetch.\n`);
    return;
  }
  process.stderr.write(`${model.title}: licence ${model.licence}, from ${from ?? model.source}\n`);
  const confirm = (file: UnknownFile) =>
    acceptChecksum.includes(file.sha256) ? Promise.resolve(true) : askOnTerminal(file);
  const files = await pullModel(model, { modelsDir, offline, from, onFile: showBar, confirm });
  for (const { path, state } of files) process.stdout.write(`${state}: ${path}\n`);
  process.stdout.write(`Use it with KONTUR_MODEL=${model.id}\n`);
}

/** A progress bar on a terminal, nothing elsewhere. */
const showBar: PullOptions['onFile'] = (name) => {
  if (!process.stderr.isTTY) return { progress: () => {}, done: () => {} };
  const bar = new SingleBar(
    { format: `${name} {bar} {percentage}% of {megabytes} MB, {eta_formatted} left`, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(1, 0, { megabytes: '?' });
  return {
    progress: (doneBytes, totalBytes) => {
      bar.setTotal(totalBytes ?? doneBytes + 1);
      bar.update(doneBytes, { megabytes: totalBytes === undefined ? '?' : (totalBytes / 1e6).toFixed(1) });
    },
    done: () => bar.stop(),
  };
};

/** Resolves to false if there is no terminal to ask on. */
async function askOnTerminal({ name, from, sha256, bytes }: UnknownFile): Promise<boolean> {
  process.stderr.write(`
The checksum of ${name} is not known to this version. What arrived:
  from     ${from}
  size     ${bytes} bytes
  SHA-256  ${sha256}
Compare it with what its publisher says, or with a copy that you trust.
`);
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Is this the right file? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
