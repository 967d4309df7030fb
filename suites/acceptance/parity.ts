import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withOwnServer } from '../../testing/with-own-server.ts';
import { CHECKS } from './checks.ts';
import { describeParity } from './describe-parity.ts';
import { runChecks } from './run-checks.ts';

// npm run parity [-- --url BASE --token TOKEN --project NAME] [--out FILE] [--json FILE]
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    project: { type: 'string', default: 'demo' },
    out: { type: 'string', default: 'PARITY.md' },
    json: { type: 'string' },
  },
});
if (values.url !== undefined && values.token === undefined) {
  process.stderr.write('--url needs --token: an access token that the server accepts for the project.\n');
  process.exit(2);
}

const rows = await (values.url === undefined
  ? withOwnServer((target) => runChecks(target, CHECKS))
  : runChecks({ url: values.url.replace(/\/+$/, ''), token: values.token!, project: values.project }, CHECKS));
writeFileSync(values.out, describeParity(rows));
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);

const failed = rows.filter(({ failure }) => failure !== undefined);
for (const { operation, rule, mark, failure } of failed) {
  process.stdout.write(`FAIL  ${operation} | ${rule} (${mark})\n      ${failure?.replaceAll('\n', '\n      ')}\n`);
}
process.stdout.write(`${rows.length - failed.length} of ${rows.length} rows pass; ${values.out} is written\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
