import { fileURLToPath } from 'node:url';

/**
 * Absolute path of a file of this package, wherever it is installed.
 *
 * @param name path from the folder that has package.json, such as `docs/auth.md`
 */
export const packagePath = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/**
 * Absolute path of what comes with the package without being its source: weights, the inference library, a photo. The
 * build brings them together (`scripts/write-assets.mjs`).
 *
 * @param name path in the folder of assets, such as `mobilesam/encoder.onnx`
 */
export const assetPath = (name: string): string => packagePath(`dist/assets/${name}`);
