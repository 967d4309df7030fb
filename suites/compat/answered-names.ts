interface Answered {
  id?: number;
  uploadUrl?: string;
  uploadUrls?: string[];
  uploadId?: string;
  downloadUrl?: string;
  nextCursor?: string;
  jobId?: number;
}

/** Names that the stub of the recording had for everything, and what this server answered last in their place. */
export interface AnsweredNames {
  /** Takes note of the names in an answer. */
  note(body: unknown): void;
  /** The text with every name of the stub replaced; throws where the server has not answered such a name yet. */
  rename(text: string): string;
  /** The absolute address for a path of the recording. */
  address(path: string): string;
}

export function createAnsweredNames(baseUrl: string, token: string): AnsweredNames {
  const last: Answered = {};
  const known = <K extends keyof Answered>(key: K): NonNullable<Answered[K]> => {
    const value = last[key];
    if (value === undefined) throw new Error(`The server has answered no ${key} so far.`);
    return value as NonNullable<Answered[K]>;
  };

  function rename(text: string): string {
    return text
      .replaceAll('good-token', () => token)
      .replaceAll('5550001', () => String(known('id')))
      .replaceAll('"UPL1"', () => JSON.stringify(known('uploadId')))
      .replaceAll('"CUR1"', () => JSON.stringify(known('nextCursor')))
      .replaceAll(/segment\/(9007199254740991|1)$/g, () => `segment/${known('jobId')}`);
  }

  return {
    note(body) {
      const { items, ...top } = (body ?? {}) as Answered & { items?: Answered[] };
      const [first] = Array.isArray(items) ? items : [];
      for (const answered of [first ?? {}, top]) {
        const { id, uploadUrl, uploadUrls, uploadId, downloadUrl, nextCursor, jobId } = answered;
        // The stub had one file for everything; here it is the one that was last made or is to get content.
        const created = uploadUrl !== undefined || uploadUrls !== undefined;
        const names = { id: created ? id : undefined, uploadUrl, uploadUrls, uploadId, downloadUrl, nextCursor, jobId };
        Object.assign(last, Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined)));
      }
    },
    rename,
    address(path) {
      const part = /^\/upload\/5550001\/part\/(\d+)\?sig=p$/.exec(path)?.[1];
      if (part !== undefined) return known('uploadUrls')[Number(part) - 1]!;
      if (path === '/upload/5550001?sig=abc') return known('uploadUrl');
      if (path === '/upload/5550001?sig=forged') return forge(known('uploadUrl'));
      if (path === '/download/5550001?sig=z') return known('downloadUrl');
      return baseUrl + rename(path);
    },
  };
}

/** The link with one character near its end changed. */
function forge(link: string): string {
  const at = link.length - 12;
  return link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
}
