import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import {
  appendZeroRow,
  type Convolution,
  gather,
  gemm,
  matMul,
  reshape,
  transpose,
} from '../../graphs/graph-operations.ts';
import type { TokenGrid } from './token-grid.ts';

// Winograd's minimal filtering F(4 x 4, 3 x 3): Lavin and Gray 2015, arXiv 1509.09308, section 4.3, whose matrices
// these are. A 3 x 3 convolution makes tiles of 4 x 4 from 6 x 6 with 36 multiplications for each pair of channels
// instead of 144.

const TILE = 4;
/** Side of the square of inputs that a tile is computed from. */
const SEEN = 6;

const OF_INPUT = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const OF_KERNEL = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const OF_OUTPUT = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/**
 * A 3 x 3 convolution without bias, with zero padding: tokens `[rows * columns, inputs]` to `[rows * columns,
 * outputs]`, in the order of tiles, which `toTokenOrder` undoes. Both sides of the grid are multiples of 4.
 */
export function convolveTiles(graph: GraphBuilder, tokens: Value, grid: TokenGrid, kernel: Convolution): Value {
  const { outputs, inputsPerGroup: inputs } = kernel;
  const order = tokensOfTiles(grid);
  const tiles = order.length / SEEN ** 2;
  const seen = gather(graph, appendZeroRow(graph, tokens), graph.constant([order.length], order), 0);
  const transformed = onBothSides(graph, OF_INPUT, reshape(graph, seen, [SEEN ** 2, tiles * inputs]));
  const multiplied = matMul(
    graph,
    reshape(graph, transformed, [SEEN ** 2, tiles, inputs]),
    transformKernel(graph, kernel),
  );
  const made = onBothSides(graph, OF_OUTPUT, reshape(graph, multiplied, [SEEN ** 2, tiles * outputs]));
  return reshape(graph, made, [TILE ** 2 * tiles, outputs]);
}

/** Reorders rows from the order of tiles, as `convolveTiles` returns them, to the order of tokens. */
export function toTokenOrder(graph: GraphBuilder, rows: Value, grid: TokenGrid): Value {
  const tilesInRow = grid.columns / TILE;
  const tiles = tilesInRow * (grid.rows / TILE);
  const order = Int32Array.from({ length: grid.rows * grid.columns }, (_, token) => {
    const x = token % grid.columns;
    const y = Math.floor(token / grid.columns);
    const place = (y % TILE) * TILE + (x % TILE);
    return place * tiles + Math.floor(y / TILE) * tilesInRow + Math.floor(x / TILE);
  });
  return gather(graph, rows, graph.constant([order.length], order), 0);
}

/**
 * For each place of a tile's inputs, and for each tile: its token, or one more than the last token where the place is
 * beyond the grid.
 */
function tokensOfTiles({ rows, columns }: TokenGrid): Int32Array {
  const tilesInRow = columns / TILE;
  const tiles = tilesInRow * (rows / TILE);
  return Int32Array.from({ length: SEEN ** 2 * tiles }, (_, index) => {
    const place = Math.floor(index / tiles);
    const tile = index % tiles;
    const y = Math.floor(tile / tilesInRow) * TILE + Math.floor(place / SEEN) - 1;
    const x = (tile % tilesInRow) * TILE + (place % SEEN) - 1;
    return y < 0 || x < 0 || y >= rows || x >= columns ? rows * columns : y * columns + x;
  });
}

/** Transforms the rows and the columns of tiles, whose places are the rows of `x`. */
function onBothSides(graph: GraphBuilder, transform: number[][], x: Value): Value {
  const values = transform.flatMap((down) =>
    transform.flatMap((across) => down.flatMap((y) => across.map((x) => y * x))),
  );
  return gemm(graph, graph.constant([transform.length ** 2, x.shape[0]!], Float32Array.from(values)), x);
}

/**
 * Transforms a kernel, `[outputs, inputs, 3, 3]` to `[36, inputs, outputs]`. It depends on no input, so it is computed
 * once, when the graph is opened.
 */
function transformKernel(graph: GraphBuilder, { outputs, inputsPerGroup: inputs, side, weight }: Convolution): Value {
  const places = transpose(graph, graph.constant([outputs, inputs, side ** 2], weight), [2, 1, 0]);
  const transformed = onBothSides(graph, OF_KERNEL, reshape(graph, places, [side ** 2, inputs * outputs]));
  return reshape(graph, transformed, [SEEN ** 2, inputs, outputs]);
}
