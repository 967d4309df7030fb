import { ERROR_KINDS } from './errors.ts';

/** The text of docs/errors.md: every kind of error with its status and its meaning. */
export function describeErrors(): string {
  const rows = Object.entries(ERROR_KINDS).map(
    ([code, { status, meaning }]) => `| ${status} | \`${code}\` | ${meaning} |`,
  );
  return `# Errors

Generated from \`src/contract/errors.ts\` by \`npm run docs\`; edit that file.

Every answer that is not a success has the body \`{"error": {"code", "message", "missing"?, "duplicated"?}}\`, where \`code\` is
the HTTP status and \`message\` says what is wrong, where, and what to do. The names below appear in the source and the log.
The kinds that start with \`image-\` or \`job-\` (but for an unknown job) reach a client as the \`errorMessage\` of a Failed job.

| status | kind | meaning |
|---|---|---|
${rows.join('\n')}
`;
}
