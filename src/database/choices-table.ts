/** Row of `choices`: a candidate that someone saved as an annotation. */
export interface ChoicesTable {
  annotation_id: number;
  project: string;
  label: string;
  data_set_id: number | null;
  /** Fraction of the photo. */
  area: number;
  token: number | null;
  rank: number | null;
  corrected: boolean;
  time: number;
  /** Subject of the token. */
  by: string;
}
