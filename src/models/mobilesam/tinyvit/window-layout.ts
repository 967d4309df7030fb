import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import type { TokenGrid } from './token-grid.ts';

/** The tokens of an image, and the side of a window in tokens. */
export interface WindowGrid {
  grid: TokenGrid;
  windowSide: number;
}

/**
 * Where tokens are moved to for attention within square windows. The last windows of a row or column extend beyond the
 * image.
 */
export interface WindowLayout {
  windows: number;
  /** Tokens of a window. */
  tokens: number;
  /**
   * For each window, and for each place in it: the token of the image, row by row; for places beyond the image, one
   * more than the last token.
   */
  tokenOfPlace: Value;
  /** For each token of the image: its row in `[windows, tokens]`. */
  placeOfToken: Value;
}

/** Adds the layout to a graph as constants, which all blocks of a stage share. */
export function createWindowLayout(
  graph: GraphBuilder,
  { grid: { columns, rows }, windowSide }: WindowGrid,
): WindowLayout {
  const windowsInRow = Math.ceil(columns / windowSide);
  const windows = windowsInRow * Math.ceil(rows / windowSide);
  const tokens = windowSide ** 2;
  const tokenOfPlace = new Int32Array(windows * tokens).fill(columns * rows);
  const placeOfToken = new Int32Array(columns * rows);
  for (let token = 0; token < columns * rows; token++) {
    const x = token % columns;
    const y = Math.floor(token / columns);
    const window = Math.floor(y / windowSide) * windowsInRow + Math.floor(x / windowSide);
    const place = window * tokens + (y % windowSide) * windowSide + (x % windowSide);
    tokenOfPlace[place] = token;
    placeOfToken[token] = place;
  }
  return {
    windows,
    tokens,
    tokenOfPlace: graph.constant([tokenOfPlace.length], tokenOfPlace),
    placeOfToken: graph.constant([placeOfToken.length], placeOfToken),
  };
}
