#!/usr/bin/env node
import guard from './guard.cjs';

const problem = guard.problem();
const warning = problem === undefined ? guard.staleness() : undefined;
if (warning !== undefined) process.stderr.write(`${warning}\n`);
if (problem === undefined) void import('../dist/cli/main.js');
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
