import { lexer, type Tokens } from 'marked';

/** A statement of docs/contract.md: `- **documented** ([spec] …): text`. */
export interface Statement {
  kind: string;
  /** Text in brackets after the kind; empty if there is none. */
  evidence: string;
  /** The sources that the evidence names. */
  named: string[];
}

/** A rule of docs/contract.md: a heading of the third level, and the list below it. */
export interface Rule {
  rule: string;
  statements: Statement[];
}

const STATEMENT = /^\*\*(documented|observed|inferred|ours)\*\*(?: \(((?:[^()]|\([^()]*\))+)\))?: \S/;

/**
 * Reads the rules of docs/contract.md in their order.
 *
 * @throws Error for a rule that is no list, and for a statement that does not begin with its kind of evidence
 */
export function readRules(markdown: string): Rule[] {
  const rules: Rule[] = [];
  for (const token of lexer(markdown)) {
    if (token.type === 'heading') {
      if (token.depth === 3) rules.push({ rule: token.text, statements: [] });
      else if (rules.length > 0) rules.push({ rule: '', statements: [] });
    } else if (rules.at(-1)?.rule && token.type !== 'space' && token.type !== 'def') {
      if (token.type !== 'list') throw new Error(`${rules.at(-1)?.rule} holds what is no list: ${token.raw}`);
      rules.at(-1)?.statements.push(...(token as Tokens.List).items.map(({ text }) => readStatement(text)));
    }
  }
  return rules.filter(({ rule }) => rule !== '');
}

/** The sources that docs/contract.md lists, by the names that statements use. */
export function sourcesOf(markdown: string): string[] {
  return [...markdown.matchAll(/<a id="source-([\w-]+)"><\/a>\1 \|/g)].map(([, name]) => name as string);
}

function readStatement(text: string): Statement {
  const line = text.replaceAll(/\s+/g, ' ');
  const [, kind, evidence = ''] = STATEMENT.exec(line) ?? [];
  if (kind === undefined) throw new Error(`This does not begin with its kind of evidence: ${line}`);
  return { kind, evidence, named: [...evidence.matchAll(/\[([a-z0-9-]+)\](?!\()/g)].map(([, name]) => name as string) };
}
