import type { Reading } from './read-annotation.ts';
import { readCoco } from './read-coco.ts';
import { readLabelMe } from './read-labelme.ts';
import { findClassFile, isLabelFile, readYolo } from './read-yolo.ts';
import type { SetContent } from './set-content.ts';
import { streamJson } from './stream-json.ts';

/** Formats of sets that can be read. */
export const READ_FORMATS = ['coco', 'yolo', 'labelme'] as const;
/** Name of a format that sets can be read from. */
export type ReadFormat = (typeof READ_FORMATS)[number];

/**
 * Reads the annotations of a set. It can be read again: each call begins at the start.
 *
 * @param format undefined: what the files look like
 * @throws Error for a set that is none of the formats, or that cannot be read at all
 */
export async function* readSet(content: SetContent, format?: ReadFormat): AsyncGenerator<Reading> {
  const chosen = format ?? (await guessFormat(content));
  const documents = content.paths.filter((path) => /\.json$/i.test(path) && !path.startsWith('__MACOSX/'));
  if (chosen === 'yolo') yield* readYolo(content);
  else if (chosen === 'labelme') yield* readLabelMe(content, documents);
  else for (const path of documents) yield* readDocument(content, path);
}

async function* readDocument(content: SetContent, path: string): AsyncGenerator<Reading> {
  try {
    yield* readCoco(() => content.open(path), path);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function guessFormat(content: SetContent): Promise<ReadFormat> {
  const { paths } = content;
  if (paths.some(isLabelFile) && findClassFile(paths) !== undefined) return 'yolo';
  const document = paths.find((path) => /\.json$/i.test(path));
  if (document !== undefined) {
    const kind = await kindOf(content, document);
    if (kind !== undefined) return kind;
  }
  const shown = paths.slice(0, 3).join(', ');
  throw new Error(
    paths.length === 0
      ? 'There are no files in it.'
      : `This is none of ${READ_FORMATS.join(', ')} (${shown}${paths.length > 3 ? ', …' : ''}): COCO has images and annotations, LabelMe has shapes, YOLO has files of lines beside a data.yaml or classes.txt.`,
  );
}

/** What the first element of a document that is in one of the known lists says. */
async function kindOf(content: SetContent, path: string): Promise<ReadFormat | undefined> {
  const lists = ['$.images.*', '$.annotations.*', '$.categories.*', '$.shapes.*'];
  const keys = ['$.shapes', '$.images', '$.annotations'];
  try {
    for await (const { path: list, key } of streamJson(await content.open(path), [...lists, ...keys])) {
      return list === 'shapes' || key === 'shapes' ? 'labelme' : 'coco';
    }
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return undefined;
}
