import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const source = path.join(import.meta.dirname, '../src');

/** An exported statement of a file: its name, its doc comment, and whether it is a function that throws by itself. */
interface Export {
  name: string;
  doc: string;
  throws: boolean;
}

function exportsOf(file: string, text: string): Export[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
    const named = (declared ?? statement) as ts.NamedDeclaration;
    const work = declared?.initializer ?? statement;
    const doc = ts.getJSDocCommentsAndTags(statement).map((comment) => comment.getText());
    return {
      name: `${file}: ${named.name?.getText() ?? statement.getText().slice(0, 60)}`,
      doc: doc.join('\n'),
      throws: ts.isFunctionLike(work) && throwsItself(work),
    };
  });
}

/** Whether a statement of the function itself throws, not one of a function within it. */
function throwsItself(work: ts.Node): boolean {
  const find = (node: ts.Node): boolean =>
    ts.isThrowStatement(node) || (!ts.isFunctionLike(node) && (ts.forEachChild(node, find) ?? false));
  return ts.forEachChild(work, find) ?? false;
}

const all = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => exportsOf(name, readFileSync(path.join(source, name), 'utf8')));

it('every export has a doc comment', () => {
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
});

it('every exported function that throws says what', () => {
  expect(all.filter(({ throws }) => throws).length).toBeGreaterThan(50);
  expect(all.filter(({ throws, doc }) => throws && !doc.includes('@throws')).map(({ name }) => name)).toEqual([]);
});

it('no doc comment leans on the one before it', () => {
  expect(all.filter(({ doc }) => /^\/\*\*[\s*]*(The same|Same|Also|Of) /.test(doc)).map(({ name }) => name)).toEqual(
    [],
  );
});

it('would find one that is missing', () => {
  const text =
    'export const a = () => { throw new Error(); };\n/** B. */\nexport function b() { run(() => { throw 1; }); }';
  expect(exportsOf('probe.ts', text)).toEqual([
    { name: 'probe.ts: a', doc: '', throws: true },
    { name: 'probe.ts: b', doc: '/** B. */', throws: false },
  ]);
});
