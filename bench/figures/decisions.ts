import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One page of docs/decisions/: a question that was settled by measuring or by argument. */
export interface Decision {
  file: string;
  /** Four digits, as in the file's name. */
  number: string;
  question: string;
  /** What the decision is about: `Encoder`, `Masks`, … */
  area: string;
  /** The level-two headings, in order. */
  headings: string[];
}

/** Reads every page of a folder of decisions except its README, in the order of their numbers. */
export function readDecisions(folder: string): Decision[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) => readDecision(file, readFileSync(path.join(folder, file), 'utf8')));
}

function readDecision(file: string, text: string): Decision {
  const [title, , about] = text.split('\n');
  const [, number, question] = /^# (\d{4}): (.+)$/.exec(title ?? '') ?? [];
  const area = /^(.+?) · \d{4}-\d\d-\d\d/.exec(about ?? '')?.[1];
  if (number === undefined || question === undefined || area === undefined || !file.startsWith(`${number}-`)) {
    throw new Error(
      `docs/decisions/${file} has to begin with "# NNNN: question", an empty line and "Area · date, commit · state".`,
    );
  }
  return { file, number, question, area, headings: [...text.matchAll(/^## (.+)$/gm)].map((match) => String(match[1])) };
}

/** The index of docs/decisions/README.md: a table for each area, in the order in which areas first come. */
export function indexDecisions(decisions: Decision[]): string {
  const areas = [...new Set(decisions.map(({ area }) => area))];
  return areas
    .map((area) => {
      const rows = decisions
        .filter((decision) => decision.area === area)
        .map(({ file, number, question }) => `| [${number}](${file}) | ${question} |`);
      return [`## ${area}`, '', '| | question |', '|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}
