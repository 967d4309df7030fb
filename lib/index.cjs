'use strict';
var guard = require('../bin/guard.cjs');

// The library for `require`, which Node 20.19, 22.12 and newer can do with its modules.
var problem = guard.problem();
if (problem !== undefined) throw new Error(problem);
var warning = guard.staleness();
if (warning !== undefined) process.emitWarning(warning);

try {
  module.exports = require('../dist/segment/library.js');
} catch (error) {
  if (error.code !== 'ERR_REQUIRE_ESM') throw error;
  throw new Error(
    'Node ' +
      process.version +
      ' cannot require() the modules of Kontur: use await import("kontur-segment"), or Node 22.12 or newer.',
  );
}
