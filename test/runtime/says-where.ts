// Says where it finds things, for sibling-module.test.ts.
interface Where {
  /** The module that the name of a folder leads to. */
  contract: string;
  /** Line of this file at which an error was made. */
  failedAt: number;
}

function fail(): Error {
  try {
    throw new Error('fails');
  } catch (error) {
    return error as Error;
  }
}

const failedAt = Number(/says-where\.ts:(\d+)/.exec(fail().stack!)![1]);
const where: Where = { contract: import.meta.resolve('#contract/errors'), failedAt };
process.stdout.write(JSON.stringify(where));
