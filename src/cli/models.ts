import { Command } from 'commander';
import { packagePath } from '../runtime/package-path.ts';
import { readConfig } from './read-config.ts';
import { addSettingFlags, MODEL_FLAGS, readSettingFlags } from './setting-flags.ts';

/**
 * Adds `kontur models list|pull|verify`. The code of a subcommand is loaded when it runs, so that help is quick.
 */
export function modelsCommand(): Command {
  const command = new Command('models').description('Shows, fetches and checks the models that can segment.');
  command
    .command('list')
    .description('Shows every model that can be chosen with KONTUR_MODEL, and which are here.')
    .option('--json', 'as JSON, with files, addresses and checksums')
    .action(async ({ json, ...options }: { json?: true }) => {
      const { listModels } = await import('./models-list.ts');
      await listModels(await configOf(options), { json });
    });
  command
    .command('pull')
    .description('Fetches the files of a model into KONTUR_MODELS_DIR, going on where an earlier call ended.')
    .argument('<name>', 'name of the model, see kontur models list')
    .option('--from <place>', 'a mirror (https://…) or a folder that has the files; default: where they are published')
    .option(
      '--accept-checksum <sha256>',
      'a file whose checksum is not known is right if it has this one; may be repeated',
      (sum: string, sums: string[] = []) => [...sums, sum.toLowerCase()],
    )
    .addHelpText(
      'after',
      `
Files whose checksum is not known are only used once you have confirmed them: by answering the question on a terminal, or with
--accept-checksum. Confirmed checksums are kept in the folder of the models. ${packagePath('docs/models.md')} says more.`,
    )
    .action(async (name: string, options: { from?: string; acceptChecksum?: string[] }) => {
      const { pullNamedModel } = await import('./models-pull.ts');
      await pullNamedModel(name, options, await configOf(options));
    });
  command
    .command('verify')
    .description(
      'Reads all files of the models that are here. Exit code 1 if one is damaged, missing or not confirmed.',
    )
    .argument('[name]', 'only this model')
    .action(async (name: string | undefined, options) => {
      const { verifyModels } = await import('./models-verify.ts');
      process.exitCode = await verifyModels(await configOf(options), name);
    });
  for (const nested of command.commands) addSettingFlags(nested, MODEL_FLAGS);
  return command;
}

const configOf = (options: object) => readConfig('command', readSettingFlags({ ...options }, MODEL_FLAGS));
