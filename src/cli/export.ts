import { createWriteStream, openSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Command, Option } from 'commander';
import { SET_FORMATS } from '#outputs/sets/set-formats';
import { addServerOptions, findServer, SERVER_HELP, type ServerOptions } from './find-server.ts';
import type { Launch } from './launch.ts';
import { UsageError } from './usage-error.ts';

interface ExportOptions extends ServerOptions {
  format: string;
  out?: string;
  dataSet?: string;
  label?: string;
  status?: string;
  images?: true;
  encoding?: string;
  json?: true;
}

/** What was written, for programs. */
interface Written {
  file: string | null;
  bytes: number;
  /** Annotations that were there when the export began. */
  annotations: number;
}

const REPORT_MS = 500;

/** Adds `kontur export`: writes the annotations of a server as one set. */
export function exportCommand({ umask }: Launch): Command {
  const command = new Command('export')
    .description('Writes the annotations of a server as one set, for training or for other programs.')
    .addOption(
      new Option('--format <name>', 'format of the set').choices(SET_FORMATS.map(({ name }) => name)).default('coco'),
    )
    .option('--out <file>', 'where to write it; is there when it is whole (default: standard output)')
    .option('--data-set <id>', 'annotations on photos of this data set alone')
    .option('--label <label>', 'annotations with this label alone')
    .addOption(
      new Option('--status <status>', 'annotations of this status alone').choices([
        'suggested',
        'approved',
        'rejected',
      ]),
    )
    .option('--images', 'add the photos; the set is then a zip')
    .addOption(
      new Option('--encoding <how>', 'how COCO has outlines: polygons, or run lengths').choices(['polygons', 'rle']),
    )
    .option('--json', 'print what was written as JSON, instead of a sentence');
  return addServerOptions(command)
    .addHelpText(
      'after',
      `
Formats:
${SET_FORMATS.map(({ name, is, single }) => `  ${name.padEnd(8)} ${is} (${single?.extension ?? 'zip'}; with --images zip)`).join('\n')}
${SERVER_HELP}

Examples:
  kontur export --out annotations.json
  kontur export --format yolo --status approved --images --out pumps.zip
  KONTUR_TOKEN=… kontur export --url https://kontur.example.com --project plant --format csv > annotations.csv`,
    )
    .action(async (options: ExportOptions) => {
      if (options.out === undefined && process.stdout.isTTY) {
        throw new UsageError('A set is not for the screen: name a file with --out, or send the output to one.');
      }
      if (options.json && options.out === undefined)
        throw new UsageError('--json needs --out: the set itself goes to standard output.');
      if (options.out !== undefined) await checkTarget(options.out);
      const query = queryOf(options);
      const address = await findServer(options);
      const { createServerClient } = await import('../transfer/server-client.ts');
      const response = await createServerClient(address).open(`kontur/export?${query}`);
      const annotations = Number(response.headers.get('kontur-annotations') ?? 0);
      const bytes = await write(response, options.out, { umask, annotations });
      const written: Written = { file: options.out ?? null, bytes, annotations };
      if (options.json) process.stdout.write(`${JSON.stringify(written)}\n`);
      else
        process.stderr.write(
          `${annotations} annotations${options.out === undefined ? '' : ` in ${options.out}`}, ${megabytes(bytes)}\n`,
        );
    });
}

function queryOf({ format, dataSet, label, status, images, encoding }: ExportOptions): URLSearchParams {
  if (dataSet !== undefined && !/^[1-9]\d{0,15}$/.test(dataSet)) {
    throw new UsageError(`--data-set ${dataSet} is no id: a whole number from 1.`);
  }
  const given = Object.entries({ format, dataSetId: dataSet, label, status, images, encoding });
  const texts = given.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(Object.fromEntries(texts));
}

async function checkTarget(out: string): Promise<void> {
  const folder = await stat(path.dirname(path.resolve(out))).catch(() => undefined);
  if (folder === undefined)
    throw new UsageError(`--out ${out} cannot be written: there is no folder ${path.dirname(out)}.`);
  const there = await stat(out).catch(() => undefined);
  if (there?.isDirectory()) throw new UsageError(`--out ${out} is a folder. Name a file in it.`);
}

/** Writes the answer beside its place, and puts it there when it is whole. Returns its size in bytes. */
async function write(
  { body }: Response,
  out: string | undefined,
  { umask, annotations }: { umask: number; annotations: number },
): Promise<number> {
  let bytes = 0;
  const count = new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const tell = () => process.stderr.write(`\r${annotations} annotations, ${megabytes(bytes)} so far `);
  const timer = process.stderr.isTTY ? setInterval(tell, REPORT_MS) : undefined;
  const source = body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream);
  const part = `${out}.part-${process.pid}`;
  try {
    if (out === undefined) await pipeline(source, count, process.stdout, { end: false });
    else {
      await pipeline(source, count, createWriteStream('', { fd: openWithUmask(part, umask) }));
      await rename(part, out);
    }
    return bytes;
  } catch (error) {
    if (out !== undefined) await rm(part, { force: true });
    const reason = (error as Error).cause instanceof Error ? ((error as Error).cause as Error).message : String(error);
    throw new Error(
      `The export broke off after ${megabytes(bytes)}: ${reason}. ${out === undefined ? 'What was written is incomplete.' : 'Nothing was written.'}`,
      { cause: error },
    );
  } finally {
    clearInterval(timer);
    if (timer !== undefined) process.stderr.write('\r');
  }
}

function openWithUmask(file: string, umask: number): number {
  const own = process.umask(umask);
  try {
    return openSync(file, 'w');
  } finally {
    process.umask(own);
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
