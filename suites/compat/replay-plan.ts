/**
 * A different but correct answer: what a healthy server answers where the stub of the recording answered otherwise, and
 * why.
 */
export interface Departure {
  lines: number[];
  /** Any of these lets the client go on. */
  statuses: number[];
  why: string;
}

const lines = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

export const DEPARTURES: Departure[] = [
  {
    lines: [44, 93, 95],
    statuses: [200, 201],
    why: 'The reference says 201, the real service answers 200; the clients take both.',
  },
  {
    lines: [46, 47, 109],
    statuses: [404],
    why: 'vision/extract is no operation of this server. The client raises its error for the status and does not retry.',
  },
  { lines: [...lines(48, 53), ...lines(110, 112)], statuses: [404], why: 'Nor is reading its jobs.' },
  {
    lines: [56],
    statuses: [400],
    why: 'Without beta in cdf-version the operation is refused; the stub took it for an unknown path.',
  },
  { lines: [59], statuses: [200], why: 'The stub played overload (503); a healthy server takes the job.' },
  {
    lines: [60, 61],
    statuses: [200],
    why: 'The stub played throttling (429) twice; sdk/overload.ts has the real one.',
  },
  { lines: [63, 64], statuses: [200], why: 'The stub played overload (503) twice on reading a job.' },
  {
    lines: lines(66, 71),
    statuses: [200],
    why: 'The stub played a fault (500) that does not end, and the client gave up.',
  },
  { lines: [73], statuses: [200], why: 'The stub played overload (503) on an upload; line 74 then sends it again.' },
  {
    lines: [80],
    statuses: [400],
    why: 'The stub played a caller without access (403). This caller has access, and the file does not exist.',
  },
  { lines: [115], statuses: [200], why: 'The stub played overload (503); a healthy server takes the job.' },
  { lines: [117], statuses: [200], why: 'The stub played a fault (500); a healthy server takes the job.' },
  { lines: [118], statuses: [201], why: 'The stub played overload (503); a healthy server makes the file.' },
  { lines: [119], statuses: [201], why: 'The stub played throttling (429); a healthy server makes the file.' },
  { lines: [121], statuses: [200], why: 'The stub played a refusal (400) with the retry header; the job can be read.' },
];

/** Lines whose answer a client searches for `missing`, to tell its caller which files do not exist. */
export const NEED_MISSING = [33, 80, 81, 99, 100];

/** Things that the stub always had, while a server has to be given them, or has lost them to a line before. */
export type Preparation = 'a file with content' | 'the node sp/f1' | 'a page and more of PNG files';

/** What to make before a line is sent. */
export const PREPARATIONS: Record<number, Preparation> = {
  1: 'a file with content',
  31: 'the node sp/f1',
  // Line 43 deleted the file before it.
  45: 'a file with content',
  // Line 85 deleted it.
  93: 'the node sp/f1',
  98: 'a file with content',
  // For a second page of 24 behind one of 25.
  101: 'a page and more of PNG files',
  103: 'a file with content',
  // Line 108 deleted the one before it.
  109: 'a file with content',
};

/** Texts of single lines that stand for something which the server makes. */
export const SUBSTITUTIONS: Record<number, (text: string) => string> = {
  // The stub had a file of every id.
  45: (text) => text.replace('"id": 1\n', '"id": 5550001\n'),
  // The client held a token that had expired meanwhile; here it is one that is no longer good.
  77: (text) => text.replace('good-token', 'expired-token'),
  // The store refused the upload; here it does so because the signature of the link is wrong.
  76: (text) => text.replace('sig=abc', 'sig=forged'),
};
