import type { ColumnType, GeneratedAlways } from 'kysely';

/** Row of `data_sets` (docs/contract.md#data-sets-object). Times are milliseconds since 1970-01-01 UTC. */
export interface DataSetsTable {
  project: string;
  id: number;
  external_id: string | null;
  name: string | null;
  description: string | null;
  metadata: ColumnType<Record<string, string>, string | undefined, string>;
  /** Whether writing what is in the set takes `datasetsAcl:OWNER`. */
  write_protected: boolean;
  created_time: number;
  last_updated_time: number;
}

/** Row of `labels` (docs/contract.md#labels-object). Times are milliseconds since 1970-01-01 UTC. */
export interface LabelsTable {
  project: string;
  external_id: string;
  /** Number that gives the order of creation. */
  position: GeneratedAlways<number>;
  name: string;
  description: string | null;
  data_set_id: number | null;
  created_time: number;
}
