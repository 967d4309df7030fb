import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { PairedScore } from '../../bench/evaluate-pair.ts';
import { openKeptScores } from '../../bench/kept-scores.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scoreOf = (iou: number) => ({
  box: iou,
  oneClick: { middle: iou, inside: iou, anywhere: iou },
  bestOfOneClick: iou,
  clicks: [iou],
  vertices: [],
});
const score: PairedScore = { id: 'a', photo: 'a.jpg', kontur: scoreOf(0.5), plain: scoreOf(0.25) };
const settings = { precision: 'int8', detailWindows: true };

it('scores are kept for runs of the same commit with the same settings', () => {
  const first = openKeptScores(folder, settings, 'abc1234');
  expect(first.find('leaves', 'a')).toBeUndefined();
  expect(first.keep('leaves', score)).toBe(score);
  expect(openKeptScores(folder, settings, 'abc1234').find('leaves', 'a')).toEqual(score);
  expect(openKeptScores(folder, settings, 'abc1234').find('cracks', 'a')).toBeUndefined();
  expect(openKeptScores(folder, settings, 'abc1235').find('leaves', 'a')).toBeUndefined();
  expect(openKeptScores(folder, { ...settings, precision: 'fp32' }, 'abc1234').find('leaves', 'a')).toBeUndefined();
});

it('a line that an interrupted run wrote in part is left out', () => {
  const [name] = readdirSync(path.join(folder, 'scores')).filter((file) => file.startsWith('abc1234'));
  appendFileSync(path.join(folder, 'scores', name!), '["leaves/b",{"id"');
  expect(openKeptScores(folder, settings, 'abc1234').find('leaves', 'a')).toEqual(score);
  expect(openKeptScores(folder, settings, 'abc1234').find('leaves', 'b')).toBeUndefined();
});

it('scores of changed sources are not kept', () => {
  const kept = openKeptScores(folder, settings, 'abc1234 and changes');
  kept.keep('leaves', score);
  expect(kept.find('leaves', 'a')).toBeUndefined();
});
