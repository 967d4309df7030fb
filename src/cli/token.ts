import { Command } from 'commander';
import { findDataDir, findUrl, requestToken } from './development-server.ts';

interface TokenOptions {
  url?: string;
  dataDir?: string;
}

/**
 * Adds `kontur token`: requests an access token from the embedded issuer of a running server, by client credentials.
 */
export function tokenCommand(): Command {
  return new Command('token')
    .description('Prints an access token for the running development server, and nothing else.')
    .option('--url <base>', 'address of the server (default: what the server in the data folder says)')
    .option('--data-dir <dir>', 'data folder of the server (default: as kontur serve chooses it here)')
    .addHelpText('after', '\nExample:\n  curl -H "authorization: Bearer $(kontur token)" …')
    .action(async (options: TokenOptions) => {
      const dataDir = await findDataDir(options);
      const url = options.url ?? (await findUrl(dataDir));
      process.stdout.write(`${await requestToken(url, dataDir)}\n`);
    });
}
