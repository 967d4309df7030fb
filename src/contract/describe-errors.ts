import { ERROR_KINDS } from './errors.ts';

/** Generates the text of docs/errors.md: every kind of error with its status and its meaning. */
export function describeErrors(): string {
  const rows = Object.entries(ERROR_KINDS).map(
    ([code, { status, origin, meaning }]) => `| ${status} | \`${code}\` | ${origin} | ${meaning} |`,
  );
  return `# Errors

Generated from \`src/contract/errors.ts\` by \`npm run docs\`; edit that file.

Every answer that is not a success has the body \`{"error": {"code", "message", "missing"?, "duplicated"?}}\`, where \`code\` is
the HTTP status and \`message\` says what is wrong, where, and what to do. The names below appear in the source and the log.
The kinds that start with \`image-\` or \`job-\` (but for an unknown job) reach a client as the \`errorMessage\` of a Failed job.

The origin of an error is what it means for a retry:

| origin | the same request again |
|---|---|
| request | ends the same way: what was asked for is at fault, or asks too much |
| image | ends the same way: the photo is at fault, or missing |
| outage | may succeed: a part that every request needs is away or full; wait for \`Retry-After\` where it is given |
| fault | may succeed: the server is at fault, and its log has the reason |

A job is tried again by the server itself: through an outage for half an hour, after a fault three times in all.

| status | kind | origin | meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}
