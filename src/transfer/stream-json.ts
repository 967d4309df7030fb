import type { Readable } from 'node:stream';
import { JSONParser } from '@streamparser/json';

/** A value of a document: the key of the list that it is in, its own key, and its place where that is a list. */
interface FoundValue {
  path: string;
  key: string;
  index: number;
  value: unknown;
}

/**
 * Reads the values at some paths of a JSON document one after the other, without the rest of it in memory.
 *
 * @param paths such as `$.images.*`
 * @throws Error if it is not JSON, or ends too early
 */
export async function* streamJson(content: Readable, paths: string[]): AsyncGenerator<FoundValue> {
  const found: FoundValue[] = [];
  const parser = new JSONParser({ paths, keepStack: false });
  let failure: Error | undefined;
  parser.onError = (error) => {
    failure ??= error;
  };
  parser.onValue = ({ value, key, stack }) => {
    found.push({ path: String(stack[1]?.key ?? ''), key: String(key ?? ''), index: Number(key), value });
  };
  for await (const chunk of content) {
    parser.write(chunk);
    if (failure !== undefined) throw notJson(failure);
    yield* found.splice(0);
  }
  if (!parser.isEnded) {
    parser.end();
    throw notJson(failure ?? new Error('it ends too early'));
  }
  yield* found.splice(0);
}

const notJson = (cause: Error) => new Error(`it is not JSON: ${cause.message}`, { cause });
