import guard from '../bin/guard.cjs';

// The library for `import`. Loaded once it is known that it can be.
const problem = guard.problem();
if (problem !== undefined) throw new Error(problem);
const warning = guard.staleness();
if (warning !== undefined) process.emitWarning(warning);

export const { createSegmenter, KonturError } = await import('../dist/segment/library.js');
