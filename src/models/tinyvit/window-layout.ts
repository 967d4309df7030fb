import type { GraphBuilder, Value } from '../graph-builder.ts';

/** Tokens on a side of the image, and on a side of a window. */
export interface WindowGrid {
  gridSide: number;
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
export function createWindowLayout(graph: GraphBuilder, grid: WindowGrid, heads: number): WindowLayout {
  const { gridSide, windowSide } = grid;
  const windowsOnSide = Math.ceil(gridSide / windowSide);
  const windows = windowsOnSide ** 2;
  const tokens = windowSide ** 2;
  const tokenOfPlace = new Int32Array(tokens * windows).fill(gridSide ** 2);
  const rowOfToken = new Int32Array(gridSide ** 2 * heads);
  for (let token = 0; token < gridSide ** 2; token++) {
    const x = token % gridSide;
    const y = Math.floor(token / gridSide);
    const window = Math.floor(y / windowSide) * windowsOnSide + Math.floor(x / windowSide);
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
