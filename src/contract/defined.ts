/**
 * The value, where only a fault of the program could have left it out.
 *
 * @param what names the value in the error
 * @throws Error, which is a fault of the server, when there is none
 */
export function defined<Value>(value: Value | undefined | null, what: string): Value {
  if (value === undefined || value === null) throw new Error(`There is no ${what}, which is a fault of the program.`);
  return value;
}
