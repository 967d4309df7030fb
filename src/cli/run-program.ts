import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { KonturError } from '../contract/error-codes.ts';
import type { ForkedChild } from '../inference/start-child.ts';
import { backupCommand } from './backup.ts';
import { configCommand } from './config.ts';
import { hashSecretCommand } from './hash-secret.ts';
import { migrateCommand } from './migrate.ts';
import { modelsCommand } from './models.ts';
import { packageVersion } from './package-version.ts';
import { restoreCommand } from './restore.ts';
import { segmentCommand } from './segment.ts';
import { serveCommand } from './serve.ts';
import { tokenCommand } from './token.ts';
import { UsageError } from './usage-error.ts';
import { workCommand } from './work.ts';

/** Exit codes: 0 done, 1 it could not be done, 2 the command line or the configuration is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/**
 * Runs the command that the arguments of this process name. Sets the process's exit code where that could not be done.
 * @param encoder where the encoder's code is being loaded already
 */
export async function runProgram(encoder?: ForkedChild): Promise<void> {
  try {
    await createProgram(encoder).parseAsync();
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
}

function createProgram(encoder?: ForkedChild): Command {
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
Settings are environment variables (KONTUR_…), listed in docs/configuration.md.
Exit codes: 0 done, 1 it could not be done, 2 wrong command line or configuration.`,
    );
  for (const command of [
    serveCommand(),
    workCommand(),
    migrateCommand(),
    backupCommand(),
    restoreCommand(),
    segmentCommand(encoder),
    modelsCommand(),
    tokenCommand(),
    hashSecretCommand(),
    configCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
    for (const nested of command.commands) nested.copyInheritedSettings(command);
  }
  return program;
}

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
