/** Rows and columns of an image's tokens, which are stored row by row. */
export interface TokenGrid {
  columns: number;
  rows: number;
}
