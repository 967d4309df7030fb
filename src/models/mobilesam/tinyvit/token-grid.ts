/** How many tokens an image has; they lie row by row. */
export interface TokenGrid {
  columns: number;
  rows: number;
}
