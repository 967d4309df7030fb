declare module 'pg/lib/utils.js' {
  const utils: {
    /** A value as node-postgres sends it as a parameter. */
    prepareValue(value: unknown): string | Buffer | null;
    /** A text as a literal of SQL. */
    escapeLiteral(text: string): string;
  };
  export default utils;
}
