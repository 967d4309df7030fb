/** Request from the server's thread to the thread that runs PGlite. */
export type PgliteRequest =
  | { id: number; operation: 'query'; sql: string; parameters: unknown[]; transaction?: number }
  | { id: number; operation: 'exec'; sql: string; transaction?: number }
  | { id: number; operation: 'begin' | 'commit' | 'rollback'; transaction: number }
  | { id: number; operation: 'listen'; channel: string }
  | { id: number; operation: 'close' };

/**
 * Message from the thread that runs PGlite: an answer, the first of which has id 0 and says whether the database
 * opened, or a notification on a channel.
 */
export type PgliteResponse =
  | { id: number; result: unknown }
  | { id: number; error: PgliteErrorFields }
  | { channel: string; payload: string };

/** Result of one statement. */
export interface PgliteResult<R = unknown> {
  rows: R[];
  affectedRows?: number;
}

/** Fields of a database error, sent apart because an Error loses its own properties when it is cloned. */
export interface PgliteErrorFields {
  message: string;
  code?: string;
  detail?: string;
  hint?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
}
