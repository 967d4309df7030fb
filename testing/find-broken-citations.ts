import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';

/** Names of folders that are no sources of this repository: build outputs, or data of its owner. */
const SKIPPED = new Set(['.git', 'node_modules', 'dist', 'coverage', 'data', 'demo-out', 'package-lock.json']);
const TEXT = /(\.(ts|js|mjs|json|md|sql|ya?ml|html|svg|sh)|\/(run|Dockerfile))$/;
/** A markdown file that a text names, perhaps with a folder and an anchor. Addresses are removed before. */
const MENTION = /[\w@./-]*\w\.md(?:#[\w-]+)?(?!\w)/g;
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s)>"'`]+/gi;

/**
 * Names of markdown files and links in them that lead nowhere: to a file that is not in the repository, or to an anchor
 * that the page does not have. A file may be named from the root, from where the text stands, or from `docs/`.
 *
 * @param root folder of the repository
 * @returns one line for each: where it stands, what it names, and what is missing; in the order of the files
 */
export function findBrokenCitations(root: string): string[] {
  const anchors = new Map<string, Set<string>>();
  const hasAnchor = (file: string, anchor: string) => {
    const known = anchors.get(file) ?? anchorsOf(readFileSync(file, 'utf8'));
    anchors.set(file, known);
    return known.has(anchor);
  };
  const isInside = (file: string) => !path.relative(root, file).startsWith('..');
  const fault = (candidates: string[], anchor: string | undefined) => {
    const targets = candidates.filter((candidate) => isInside(candidate) && existsSync(candidate));
    if (targets.length === 0) return 'no such file';
    if (anchor === undefined || targets.some((target) => !target.endsWith('.md') || hasAnchor(target, anchor))) {
      return undefined;
    }
    return 'no such anchor';
  };

  return listTexts(root).flatMap((name) => {
    const file = path.join(root, name);
    const folder = path.dirname(file);
    const text = readFileSync(file, 'utf8');
    const links = name.endsWith('.md') ? linksOf(text) : [];
    const broken = (citation: string, candidates: (target: string) => string[]) => {
      const [target = '', anchor] = citation.split('#');
      const reason = fault(target === '' ? [file] : candidates(target), anchor);
      return reason === undefined ? [] : [`${name}: ${citation}: ${reason}`];
    };
    return [
      ...new Set([
        ...links.flatMap((link) => broken(link, (target) => [path.resolve(folder, decodeURI(target))])),
        ...mentionsOf(text).flatMap((mention) =>
          broken(mention, (target) => [root, folder, path.join(root, 'docs')].map((base) => path.join(base, target))),
        ),
      ]),
    ];
  });
}

/** Anchors of a markdown page as GitHub makes them: of its headings, and of `id` in its HTML. */
export function anchorsOf(markdown: string): Set<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  void walkTokens(lexer(markdown), (token) => {
    if (token.type === 'heading') anchors.add(slugger.slug(plainText(token.tokens ?? [])));
    if (token.type === 'html') for (const [, id] of token.raw.matchAll(/\bid="([^"]+)"/g)) anchors.add(id as string);
  });
  return anchors;
}

/** The anchor that GitHub gives to a heading that is unique in its page. */
export const anchorOf = (heading: string): string => new GithubSlugger().slug(heading);

/** Names of the files of a repository that are original texts, from the root, sorted. */
export function listTexts(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      if (entry.isDirectory()) return listTexts(path.join(root, entry.name)).map((name) => `${entry.name}/${name}`);
      return entry.isFile() && TEXT.test(`/${entry.name}`) ? [entry.name] : [];
    })
    .sort();
}

/** Targets of the links and images of a markdown page that stay in the repository. */
function linksOf(markdown: string): string[] {
  const links: string[] = [];
  void walkTokens(lexer(markdown), (token) => {
    if ((token.type === 'link' || token.type === 'image') && !/^[a-z][a-z0-9+.-]*:/i.test(token.href)) {
      links.push(token.href);
    }
  });
  return links;
}

function mentionsOf(text: string): string[] {
  return text.replaceAll(ADDRESS, ' ').match(MENTION) ?? [];
}

function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : ''))
    .join('');
}
