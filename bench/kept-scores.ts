import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PairedScore } from './evaluate-pair.ts';
import { currentCommit } from './this-machine.ts';

/** Scores of an evaluation that takes long, so that one that was interrupted goes on where it stopped. */
export interface KeptScores {
  find(set: string, id: string): PairedScore | undefined;
  /** Keeps a score, and returns it. */
  keep(set: string, score: PairedScore): PairedScore;
}

/**
 * Opens the scores that were kept for this commit and these settings. Where sources have changes, none are: what they
 * would be of is unknown.
 */
export function openKeptScores(
  folder: string,
  settings: Record<string, unknown>,
  commit: string = currentCommit(),
): KeptScores {
  if (!/^[0-9a-f]+$/.test(commit)) return { find: () => undefined, keep: (_, score) => score };
  const name = Object.values(settings).join('-');
  const file = path.join(folder, 'scores', `${commit}-${name}.jsonl`);
  // What follows the last line break was not written to its end.
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const kept = new Map(lines.flatMap(parseScore));
  mkdirSync(path.dirname(file), { recursive: true });
  return {
    find: (set, id) => kept.get(`${set}/${id}`),
    keep: (set, score) => {
      appendFileSync(file, `${JSON.stringify([`${set}/${score.id}`, score])}\n`);
      return score;
    },
  };
}

/** An interrupted run may leave a line that the next one goes on writing to. */
function parseScore(line: string): [string, PairedScore][] {
  try {
    return [JSON.parse(line) as [string, PairedScore]];
  } catch {
    return [];
  }
}
