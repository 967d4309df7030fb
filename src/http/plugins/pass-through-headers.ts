import type { IncomingHttpHeaders } from 'node:http';

/**
 * Headers about one connection, not the message (RFC 9110, 7.6.1); and `expect`, which this server has answered
 * already.
 */
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
/** Headers that apply to a whole origin, which is this server's and not the upstream's. */
const OF_AN_ORIGIN =
  /^(access-control-.*|alt-svc|clear-site-data|content-security-policy.*|cross-origin-.*|link|nel|origin-agent-cluster|permissions-policy|referrer-policy|refresh|report-to|reporting-endpoints|service-worker-allowed|set-cookie|set-login|sourcemap|strict-transport-security|x-frame-options)$/;
/** Headers about the origin of a request; only trusted proxies may send them, and the upstream does not need them. */
const OF_A_PROXY =
  /^(forwarded|via|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-url|x-http-method.*|x-method-override|true-client-ip|cf-connecting-ip|x-client-ip|x-cluster-client-ip)$/;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** The headers of a request to send to the upstream. Node has joined repeated ones with commas. */
export function toUpstreamHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const passed = without(headers, namedBy(headers.connection));
  for (const name of Object.keys(passed)) if (OF_A_PROXY.test(name)) delete passed[name];
  return passed;
}

/**
 * The headers of the upstream's answer to send to the client. They keep a browser from showing the content as a page or
 * running it: anyone with an account at the upstream may have put it there.
 *
 * @param ownVary value of `vary` for this server's own answers
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

/** Forces a download; keeps the file name, if there is one. */
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
