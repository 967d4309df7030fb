import type { BrowserContext } from 'playwright-core';

/**
 * What browsers, and the WebAssembly runtime that a decoder loads in the background, print of requests to a server that
 * is away: a test that takes the server away cannot know what the page was loading at that moment.
 */
export const SERVER_AWAY =
  /ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INTERNET_DISCONNECTED|FAILED|ABORTED)|Failed to (fetch|load)|NetworkError|falling back to ArrayBuffer instantiation/;

/** Faults that pages have shown. */
export interface Faults {
  /** Says which faults a test provokes. */
  expect(...texts: RegExp[]): void;
  /** The faults that nobody expects. */
  list(): string[];
  /** @throws Error that lists the faults nobody expects */
  check(): void;
}

/**
 * Notes what must never happen in the studio, in any page of a browser: console errors, errors that no script catches,
 * refusals by the content security policy, and requests to a host other than its server.
 */
export async function watchFaults(context: BrowserContext, serverUrl: string): Promise<Faults> {
  const seen: string[] = [];
  const expected: RegExp[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => {
    seen.push(`uncaught: ${error.error().stack ?? error.error().message}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isLocal = protocol === 'blob:' || protocol === 'data:' || protocol === 'about:';
    if (!isLocal && origin !== serverUrl) seen.push(`request to another host: ${request.url()}`);
  });
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`refused by the content security policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  const list = () => seen.filter((text) => !expected.some((pattern) => pattern.test(text)));
  return {
    expect: (...texts) => void expected.push(...texts),
    list,
    check() {
      const faults = list();
      if (faults.length > 0) throw new Error(`The page was at fault:\n${faults.join('\n')}`);
    },
  };
}
