import { Command, Option } from 'commander';
import { packageVersion } from '../runtime/package-version.ts';
import { READ_FORMATS, type ReadFormat } from '../transfer/read-set.ts';
import { addServerOptions, findServer, SERVER_HELP, type ServerOptions } from './find-server.ts';
import { UsageError } from './usage-error.ts';

interface ImportCommandOptions extends ServerOptions {
  annotations?: string;
  format?: ReadFormat;
  status: 'approved' | 'suggested';
  dataSet?: string;
  strict?: true;
  dryRun?: true;
  json?: true;
}

/** Problems that JSON lists; all of them are counted. */
const MOST_LISTED = 1000;

/** Adds `kontur import`: makes the annotations of a set annotations of a server's photos. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('Makes the outlines of COCO, YOLO or LabelMe files annotations of photos that are on a server.')
    .option('--annotations <path>', 'the set: a file, a folder or a zip')
    .addOption(
      new Option('--format <name>', 'format of the set (default: what the files look like)').choices(READ_FORMATS),
    )
    .addOption(
      new Option('--status <status>', 'status of what has none in the set')
        .choices(['approved', 'suggested'])
        .default('approved'),
    )
    .option('--data-set <id>', 'photos of this data set alone, where several have the same name')
    .option('--strict', 'create nothing if anything is wrong')
    .option('--dry-run', 'create nothing, and say what would be')
    .option('--json', 'print what became of it as JSON');
  return addServerOptions(command)
    .addHelpText(
      'after',
      `
Photos are found on the server by the names of their files, with folders or without. What is wrong is printed line by
line, with its place; everything else is created, and the exit code is 1. What the server has already is not created
again, so that the command may be repeated, also after it broke off.
${SERVER_HELP}

Examples:
  kontur import --annotations instances.json
  kontur import --annotations dataset.zip --status suggested --dry-run
  KONTUR_TOKEN=… kontur import --annotations labels/ --url https://kontur.example.com --project plant`,
    )
    .action(async (options: ImportCommandOptions) => {
      const { annotations: path, format, status, dataSet, strict = false, dryRun = false, json } = options;
      if (path === undefined) throw new UsageError('Say what to import: --annotations PATH (kontur import --help).');
      if (dataSet !== undefined && !/^[1-9]\d{0,15}$/.test(dataSet)) {
        throw new UsageError(`--data-set ${dataSet} is no id: a whole number from 1.`);
      }
      const [{ openSet }, { readSet }, { importAnnotations }, { createServerClient }] = await Promise.all([
        import('../transfer/set-content.ts'),
        import('../transfer/read-set.ts'),
        import('../transfer/import-annotations.ts'),
        import('../transfer/server-client.ts'),
      ]);
      const content = await openSet(path).catch((error: Error) => {
        throw new UsageError(error.message);
      });
      const problems: { where: string; problem: string }[] = [];
      try {
        const server = createServerClient(await findServer(options));
        const app = { name: 'kontur-import', version: packageVersion() };
        const dataSetId = dataSet === undefined ? undefined : Number(dataSet);
        const how = { status, dataSetId, strict, dryRun, app };
        const result = await importAnnotations(server, () => readSet(content, format), how, {
          refused(where, problem) {
            if (problems.length < MOST_LISTED) problems.push({ where, problem });
            if (!json) process.stderr.write(`${where}: ${problem}\n`);
          },
          progress({ created, present, refused }) {
            if (process.stderr.isTTY) process.stderr.write(`\r${created + present + refused} annotations so far `);
          },
        });
        if (process.stderr.isTTY) process.stderr.write('\r');
        process.stdout.write(
          json ? `${JSON.stringify({ ...result, problems })}\n` : sentence(result, { strict, dryRun }),
        );
        if (result.refused > 0) process.exitCode = 1;
      } finally {
        await content.close();
      }
    });
}

function sentence(
  { created, present, refused }: { created: number; present: number; refused: number },
  { strict, dryRun }: { strict: boolean; dryRun: boolean },
): string {
  const wrong = refused === 0 ? '' : `; ${refused} refused, see above`;
  if (strict && refused > 0) return `Nothing was created${wrong}.\n`;
  const already = present === 0 ? '' : `; ${present} were there already`;
  return `${dryRun ? 'Would create' : 'Created'} ${created} annotations${already}${wrong}.\n`;
}
