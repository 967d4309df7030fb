import type { IncomingHttpHeaders } from 'node:http';

/** About one connection, not about the message (RFC 9110, 7.6.1); and `expect`, which this server has answered already. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Speak for a whole origin, which is this server's and not the upstream's. */
const OF_AN_ORIGIN =
  /^(access-control-.*|alt-svc|clear-site-data|content-security-policy.*|nel|report-to|reporting-endpoints|strict-transport-security|x-frame-options)$/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** Headers of a request as the upstream gets them. Repeated ones were joined with commas by Node. */
export function toUpstreamHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return without(headers, namedBy(headers.connection));
}

/**
 * Headers of the upstream's answer as this server gives them. Whatever it holds, a browser neither shows it as a page nor runs
 * it: anyone with an account at the upstream may have put it there.
 *
 * @param ownVary what this server's answers depend on
 */
export function toOwnHeaders(headers: IncomingHttpHeaders, ownVary: unknown): IncomingHttpHeaders {
  const passed = without(headers, namedBy(headers.connection));
  for (const name of Object.keys(passed)) if (OF_AN_ORIGIN.test(name)) delete passed[name];
  const vary = [...new Set([ownVary, passed.vary].flatMap((names) => String(names ?? '').split(/\s*,\s*/)))];
  return {
    ...passed,
    vary: vary.filter((name) => name !== '').join(', '),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    ...(!isJson(headers) && { 'content-disposition': attachment(headers['content-disposition']) }),
  };
}

const isJson = ({ 'content-type': type = '' }: IncomingHttpHeaders) => JSON_TYPE.test(type);

/** The file name, if there is one, is kept. */
function attachment(disposition = ''): string {
  return disposition.replace(/^[^;]*/, 'attachment');
}

function namedBy(connection = ''): string[] {
  return connection.toLowerCase().split(/\s*,\s*/);
}

function without(headers: IncomingHttpHeaders, names: string[]): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.has(name) && !names.includes(name)),
  );
}
