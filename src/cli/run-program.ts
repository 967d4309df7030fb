import { Command, CommanderError } from 'commander';
import { KonturError } from '#contract/errors';
import { ConfigError } from '../config/config-error.ts';
import { packagePath } from '../runtime/package-path.ts';
import { packageVersion } from '../runtime/package-version.ts';
import type { Launch } from './launch.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs the command that this process's arguments name. On failure it sets the process's exit code. */
export async function runProgram(launch: Launch): Promise<void> {
  try {
    await (await createProgram(launch, process.argv[2])).parseAsync();
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
}

/**
 * Creates the program. With a name, only that command's code is loaded.
 *
 * @param name the first argument of the process
 */
async function createProgram(launch: Launch, name?: string): Promise<Command> {
  const program = new Command('kontur')
    .description(
      'Cuts objects out of photos: a server for the CDF Vision segment API, and its engine on the command line.',
    )
    .version(packageVersion())
    .showHelpAfterError('(kontur --help, or kontur <command> --help, shows what is possible)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Settings are options of the commands or environment variables (KONTUR_…); all of them: ${packagePath('docs/configuration.md')}
Exit codes: 0 done, 1 it could not be done, 2 wrong command line or configuration.`,
    );
  const commands = loadCommands(launch);
  const named = Object.entries(commands).filter(([command]) => command === name);
  for (const [, load] of named.length > 0 ? named : Object.entries(commands)) {
    const command = await load();
    program.addCommand(command.copyInheritedSettings(program));
    for (const nested of command.commands) nested.copyInheritedSettings(command);
  }
  return program;
}

const loadCommands = (launch: Launch): Record<string, () => Promise<Command>> => ({
  serve: async () => (await import('./serve.ts')).serveCommand(),
  work: async () => (await import('./work.ts')).workCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  segment: async () => (await import('./segment.ts')).segmentCommand(launch),
  export: async () => (await import('./export.ts')).exportCommand(launch),
  import: async () => (await import('./import.ts')).importCommand(),
  models: async () => (await import('./models.ts')).modelsCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
  'hash-secret': async () => (await import('./hash-secret.ts')).hashSecretCommand(),
  config: async () => (await import('./config.ts')).configCommand(),
});

function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof ConfigError || error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT_USAGE;
  }
  const expected = error instanceof KonturError || process.env.KONTUR_LOG_LEVEL !== 'debug';
  process.stderr.write(`${expected ? (error as Error).message : (error as Error).stack}\n`);
  return EXIT_FAILED;
}
