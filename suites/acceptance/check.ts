import type { Operation } from './anchors.ts';
import type { World } from './world.ts';

/**
 * Source of a rule: the published reference, recordings of the real service or of its clients, sister operations, or
 * this project if none of these says anything.
 */
export type Mark = 'documented' | 'observed' | 'inferred' | 'ours';

/** One row of the parity table: a field or a rule of an operation, and what shows that a server keeps it. */
export interface Check {
  operation: Operation;
  rule: string;
  mark: Mark;
  /** Throws where the server does not keep the rule. */
  run(world: World): Promise<void>;
}

type AddCheck = (rule: string, run: Check['run']) => void;

/** The checks of one operation, in the order in which `define` names them. */
export function checksOf(operation: Operation, define: (add: Record<Mark, AddCheck>) => void): Check[] {
  const checks: Check[] = [];
  const adder =
    (mark: Mark): AddCheck =>
    (rule, run) =>
      void checks.push({ operation, rule, mark, run });
  define({
    documented: adder('documented'),
    observed: adder('observed'),
    inferred: adder('inferred'),
    ours: adder('ours'),
  });
  return checks;
}
