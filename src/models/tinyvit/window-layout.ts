import type { GraphBuilder, Value } from '../graph-builder.ts';
import type { TokenGrid } from './token-grid.ts';

/** The tokens of an image, and how many are on a side of a window. */
export interface WindowGrid {
  grid: TokenGrid;
  windowSide: number;
}

/** Where tokens go for attention within square windows. The last windows of a row or column reach beyond the image. */
export interface WindowLayout {
  windows: number;
  /** Tokens of a window. */
  tokens: number;
  /**
   * For each place in a window, and there for each window: the token of the image, row by row; for places beyond the image one
   * more than the last token.
   */
  tokenOfPlace: Value;
  /** For each token of the image, and there for each head: its row in `[windows, heads, tokens]`. */
  rowOfToken: Value;
}

/** The layout as constants of a graph, which all blocks of a stage share. */
export function createWindowLayout(
  graph: GraphBuilder,
  { grid: { columns, rows }, windowSide }: WindowGrid,
  heads: number,
): WindowLayout {
  const windowsInRow = Math.ceil(columns / windowSide);
  const windows = windowsInRow * Math.ceil(rows / windowSide);
  const tokens = windowSide ** 2;
  const tokenOfPlace = new Int32Array(tokens * windows).fill(columns * rows);
  const rowOfToken = new Int32Array(columns * rows * heads);
  for (let token = 0; token < columns * rows; token++) {
    const x = token % columns;
    const y = Math.floor(token / columns);
    const window = Math.floor(y / windowSide) * windowsInRow + Math.floor(x / windowSide);
    const place = (y % windowSide) * windowSide + (x % windowSide);
    tokenOfPlace[place * windows + window] = token;
    for (let head = 0; head < heads; head++) {
      rowOfToken[token * heads + head] = (window * heads + head) * tokens + place;
    }
  }
  return {
    windows,
    tokens,
    tokenOfPlace: graph.constant([tokenOfPlace.length], tokenOfPlace),
    rowOfToken: graph.constant([rowOfToken.length], rowOfToken),
  };
}
