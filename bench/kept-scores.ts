import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PairedScore } from './evaluate-pair.ts';
import { currentCommit } from './this-machine.ts';

/** Scores of an evaluation that takes long, so that one that was interrupted goes on where it stopped. */
export interface KeptScores {
  find(set: string, id: string): PairedScore | undefined;
  keep(set: string, score: PairedScore): void;
}

/**
 * Opens the scores that were kept for this commit and these settings. Where sources have changes, none are: what they
 * would be of is unknown.
 */
export function openKeptScores(folder: string, settings: Record<string, unknown>): KeptScores {
  const commit = currentCommit();
  if (!/^[0-9a-f]+$/.test(commit)) return { find: () => undefined, keep: () => {} };
  const name = Object.values(settings).join('-');
  const file = path.join(folder, 'scores', `${commit}-${name}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const kept = new Map<string, PairedScore>(lines.map((line) => JSON.parse(line) as [string, PairedScore]));
  mkdirSync(path.dirname(file), { recursive: true });
  return {
    find: (set, id) => kept.get(`${set}/${id}`),
    keep: (set, score) => appendFileSync(file, `${JSON.stringify([`${set}/${score.id}`, score])}\n`),
  };
}
