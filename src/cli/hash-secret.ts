import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { hashSecret } from '../auth/secret-hash.ts';
import { UsageError } from './usage-error.ts';

const GENERATED_BYTES = 32;
/** Least length of a password that NIST SP 800-63B allows. */
const LEAST_CHARACTERS = 8;

/** Adds `kontur hash-secret`: prints the hash of a password or a client secret for the configuration file. */
export function hashSecretCommand(): Command {
  return new Command('hash-secret')
    .description('Reads a password or client secret from standard input and prints the hash for kontur.config.json.')
    .option('--generate', 'make a random secret instead, and print it before its hash')
    .addHelpText(
      'after',
      '\nExamples:\n  kontur hash-secret --generate\n  read -rs PASSWORD; printf \'%s\' "$PASSWORD" | kontur hash-secret',
    )
    .action(async ({ generate = false }: { generate?: boolean }) => {
      const secret = generate ? randomBytes(GENERATED_BYTES).toString('base64url') : await readSecret();
      const hash = await hashSecret(secret);
      process.stdout.write(generate ? `secret: ${secret}\nhash: ${hash}\n` : `${hash}\n`);
    });
}

async function readSecret(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError('Pipe the secret in, so that the terminal does not show it; --help has an example.');
  }
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (secret !== '' && [...secret].length < LEAST_CHARACTERS) {
    throw new UsageError(
      `The secret has fewer than ${LEAST_CHARACTERS} characters, which are guessed too soon. Take a longer one, or --generate one.`,
    );
  }
  if (secret === '') throw new UsageError('Standard input is empty; there is no secret to hash.');
  return secret;
}
