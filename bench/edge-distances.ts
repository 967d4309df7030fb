/** Pixels of a region, row by row, and the squared distance of each to the nearest pixel outside. */
export interface EdgeDistances {
  pixels: Uint32Array;
  distances: Float64Array;
}

/** Measures how far the ones of a row-major mask lie from its edge; the image's border counts as an edge. */
export function edgeDistances(region: Uint8Array, width: number): EdgeDistances {
  const crop = boundsOf(region, width);
  const cropWidth = crop.right - crop.left;
  const cropped = new Uint8Array(cropWidth * (crop.bottom - crop.top));
  for (let y = crop.top; y < crop.bottom; y++) {
    cropped.set(region.subarray(y * width + crop.left, y * width + crop.right), (y - crop.top) * cropWidth);
  }
  const all = squaredDistances(cropped, cropWidth, crop.bottom - crop.top);
  const count = cropped.reduce((sum, inside) => sum + inside, 0);
  const pixels = new Uint32Array(count);
  const distances = new Float64Array(count);
  let found = 0;
  for (const [index, distance] of all.entries()) {
    if (!cropped[index]) continue;
    pixels[found] = (crop.top + Math.floor(index / cropWidth)) * width + crop.left + (index % cropWidth);
    distances[found++] = distance;
  }
  return { pixels, distances };
}

/** The box around all ones; what lies beyond it is edge, so distances within it are those within the whole. */
function boundsOf(region: Uint8Array, width: number) {
  const bounds = { left: width, right: 0, top: region.length / width, bottom: 0 };
  for (let pixel = region.indexOf(1); pixel !== -1; pixel = region.indexOf(1, pixel + 1)) {
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x + 1);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y + 1);
  }
  return bounds.right === 0 ? { left: 0, right: 0, top: 0, bottom: 0 } : bounds;
}

/**
 * Squared Euclidean distance of each pixel to the nearest one outside the region (Felzenszwalb & Huttenlocher 2012).
 */
function squaredDistances(region: Uint8Array, width: number, height: number): Float64Array {
  const columns = new Float64Array(width * height);
  for (let x = 0; x < width; x++) {
    for (let y = 0, run = 0; y < height; y++) columns[y * width + x] = run = region[y * width + x] ? run + 1 : 0;
    for (let y = height - 1, run = 0; y >= 0; y--) {
      run = region[y * width + x] ? run + 1 : 0;
      const i = y * width + x;
      columns[i] = Math.min(columns[i]!, run) ** 2;
    }
  }
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    lowerEnvelope(columns.subarray(y * width, (y + 1) * width), result.subarray(y * width));
  return result;
}

/** Minimum over q of (x - q)^2 + heights[q], for each x; beyond both ends the height is 0. */
function lowerEnvelope(heights: Float64Array, result: Float64Array): void {
  const count = heights.length + 2;
  const height = (q: number) => (q === 0 || q === count - 1 ? 0 : heights[q - 1]!);
  const apexes = new Int32Array(count);
  const starts = new Float64Array(count + 1);
  let last = 0;
  starts[0] = Number.NEGATIVE_INFINITY;
  starts[1] = Number.POSITIVE_INFINITY;
  const meeting = (q: number, apex: number) => (height(q) + q * q - height(apex) - apex ** 2) / (2 * (q - apex));
  for (let q = 1; q < count; q++) {
    while (meeting(q, apexes[last]!) <= starts[last]!) last--;
    const start = meeting(q, apexes[last]!);
    apexes[++last] = q;
    starts[last] = start;
    starts[last + 1] = Number.POSITIVE_INFINITY;
  }
  for (let x = 1, parabola = 0; x < count - 1; x++) {
    while (starts[parabola + 1]! < x) parabola++;
    result[x - 1] = (x - apexes[parabola]!) ** 2 + height(apexes[parabola]!);
  }
}
