'use strict';
// What every entry asks first: the command, the library, the scripts. In a syntax that old versions of Node can read, and with
// nothing but what Node brings.
var crypto = require('node:crypto');
var fs = require('node:fs');
var path = require('node:path');

var root = path.join(__dirname, '..');
var stamp = path.join(root, 'dist', '.kontur-built');

/** What keeps Kontur from running on this version of Node, as a sentence; undefined if nothing does. */
function nodeProblem() {
  var engines = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).engines;
  var least = /(\d+)\.(\d+)/.exec(engines.node);
  var own = process.versions.node.split('.').map(Number);
  var enough = own[0] > Number(least[1]) || (own[0] === Number(least[1]) && own[1] >= Number(least[2]));
  return enough ? undefined : `Kontur needs Node ${least[0]} or newer; this is ${process.version}.`;
}

/** What keeps Kontur from running at all, as a sentence; undefined if nothing does. */
function problem() {
  var found = nodeProblem();
  if (found !== undefined || fs.existsSync(path.join(root, 'dist', 'cli', 'main.js'))) return found;
  return `Kontur is not built yet. Run this first: npm --prefix ${root} run build`;
}

/** A warning if dist/ was built from other sources than those that are here; undefined in a package, which has no sources. */
function staleness() {
  if (!fs.existsSync(path.join(root, 'src')) || !fs.existsSync(stamp)) return undefined;
  var builtAt = fs.statSync(stamp).mtimeMs;
  var isNewer = inputs().some((file) => fs.statSync(path.join(root, file)).mtimeMs > builtAt);
  if (!isNewer || fs.readFileSync(stamp, 'utf8') === hashInputs()) return undefined;
  return `This Kontur was built before its sources were changed. Build it again: npm --prefix ${root} run build`;
}

/** Files that dist/ is made from. */
function inputs() {
  var others = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'docs/openapi.json'];
  var scripts = ['scripts/write-assets.mjs', 'scripts/build-studio.mjs', 'scripts/compress-files.mjs'];
  return others.concat(scripts, filesIn('src'), filesIn('studio'));
}

/** Files of a folder that the build reads, without what it writes there itself. */
function filesIn(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => /\.(tsx?|css|json|html|svg)$/.test(file) && !/openapi\.d\.ts$/.test(file))
    .sort()
    .map((file) => path.join(folder, file));
}

/** What the stamp of a build says: a hash of everything that it is made from. */
function hashInputs() {
  var hash = crypto.createHash('sha256');
  inputs().forEach((file) => {
    hash.update(`${file}\n`).update(fs.readFileSync(path.join(root, file)));
  });
  return hash.digest('hex');
}

exports.stamp = stamp;
exports.nodeProblem = nodeProblem;
exports.problem = problem;
exports.staleness = staleness;
exports.hashInputs = hashInputs;
