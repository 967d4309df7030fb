import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anchorsOf, findBrokenCitations, listTexts } from '../testing/find-broken-citations.ts';
import { readRules, sourcesOf } from '../testing/read-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Spelled in two parts, so that the page made up here is not taken for one of the repository. */
const page = (name: string) => `${name}.${'md'}`;

describe('what finds citations that lead nowhere', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-citations-'));
    write(
      `docs/${page('rules')}`,
      '# Rules\n\n## Files: overwrite\n\n<a id="by-hand"></a>Text\n\n## Files: overwrite\n',
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };

  it.each([
    ['src/a.ts', `/** See docs/${page('rules')}#files-overwrite. */`],
    ['src/a.ts', `// docs/${page('rules')}#files-overwrite-1, docs/${page('rules')}#by-hand`],
    ['src/a.ts', `const text = '[rules](${page('rules')})';`],
    ['src/a.ts', `// https://example.com/${page('elsewhere')}#nothing`],
    [`docs/${page('b')}`, `[rules](${page('rules')}#by-hand), [here](#part)\n\n## Part\n`],
    ['README.md', `[rules][1], [web](https://example.com/${page('x')})\n\n[1]: docs/${page('rules')}#rules\n`],
    ['README.md', '![folder](docs/)\n'],
  ])('%s: %s is fine', (name, text) => {
    write(name, text);
    expect(findBrokenCitations(folder)).toEqual([]);
  });

  it.each([
    ['src/a.ts', `/** CONTRACT: ${page('GONE')} 3. */`, `${page('GONE')}: no such file`],
    [
      'src/a.ts',
      `// docs/${page('rules')}#files-overwrites.`,
      `docs/${page('rules')}#files-overwrites: no such anchor`,
    ],
    ['src/deep/a.mjs', `// (docs/${page('gone')}#x)`, `docs/${page('gone')}#x: no such file`],
    ['migrations/1.sql', `-- ${page('gone')}`, `${page('gone')}: no such file`],
    ['README.md', '[here](#nowhere)\n', '#nowhere: no such anchor'],
    ['README.md', '[a][1]\n\n[1]: docs/picture.png\n', 'docs/picture.png: no such file'],
    ['README.md', '| a |\n|---|\n| [x](gone.json) |\n', 'gone.json: no such file'],
    [`docs/${page('b')}`, `[up](docs/${page('rules')})\n`, `docs/${page('rules')}: no such file`],
  ])('%s: %s is found', (name, text, found) => {
    write(name, text);
    expect(findBrokenCitations(folder)).toEqual([`${name}: ${found}`]);
  });
});

it('every citation of a page, and every link in one, leads to a file and an anchor of this repository', () => {
  expect(listTexts(root)).toEqual(expect.arrayContaining(['README.md', 'docs/contract.md', 'package.json']));
  expect(findBrokenCitations(root)).toEqual([]);
});

describe('docs/contract.md', () => {
  const contract = readFileSync(path.join(root, 'docs/contract.md'), 'utf8');
  const rules = readRules(contract);

  it('every rule has statements, each with the kind of its evidence', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ statements }) => statements.length === 0)).toEqual([]);
    const kinds = new Set(rules.flatMap(({ statements }) => statements.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['documented', 'inferred', 'observed', 'ours']);
  });

  it('what is not ours says where it comes from, and what is documented or observed names sources of the table', () => {
    const sources = sourcesOf(contract);
    const faults = rules.flatMap(({ rule, statements }) =>
      statements
        .filter(({ kind, evidence, named }) => {
          if (kind === 'ours') return evidence !== '';
          if (kind === 'inferred') return evidence === '';
          return named.length === 0 || !named.every((source) => sources.includes(source));
        })
        .map(({ kind, evidence }) => `${rule}: ${kind} ${evidence}`),
    );
    expect(faults).toEqual([]);
    const used = new Set(rules.flatMap(({ statements }) => statements.flatMap(({ named }) => named)));
    expect(sources.filter((source) => !used.has(source))).toEqual([]);
  });

  it('the name of a rule is the name of one anchor', () => {
    const names = rules.map(({ rule }) => rule);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect([...anchorsOf(contract)]).toEqual(expect.arrayContaining(['files-overwrite', 'source-recording']));
  });
});
