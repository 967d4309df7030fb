import { assetPath, packagePath } from '../runtime/package-path.ts';
import { ownCommand } from './own-command.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * How people sign in on the studio: with an account, by one click, or, where the server cannot know who clicks, by an
 * address that works once.
 */
export type WayIn = 'account' | 'click' | { entryUrl: string };

/** The first words of `kontur serve`: where the studio will be, and what it takes time for. */
export function preparing(url: string, { model, jobsConcurrency }: { model: string; jobsConcurrency: number }): string {
  const loading = jobsConcurrency === 0 ? '' : ` and loading the model ${model}`;
  return `Studio  ${url}/studio/

Starting: opening the database${loading}. The first start takes longer…
`;
}

/** What `kontur serve` says of the studio as soon as it answers. */
export function ready(seconds: number, wayIn: WayIn): string {
  const after = `Ready after ${seconds.toFixed(1)} s.`;
  if (typeof wayIn === 'object') {
    return `${after} Open this address in a browser, where it signs you in, once:
  ${wayIn.entryUrl}

`;
  }
  return `${after} Open the address above in a browser${wayIn === 'click' ? ': one click signs you in' : ''}.

`;
}

/**
 * What `kontur serve` says once it is ready: the base URL, how to get a token, and an example that works in any folder
 * when pasted into a shell.
 */
export function welcome(url: string, dataDir: string): string {
  const token = `${ownCommand()} token --data-dir ${shellQuote(dataDir)}`;
  return `Kontur listens at ${url} (project: demo; data: ${dataDir}; stop with Ctrl-C)

An access token, valid for an hour:
  ${token}
${process.platform === 'win32' ? '' : invitation(exampleCommands(url, token))}
API description: ${url}/openapi.json
`;
}

/** The message of `kontur serve` in gateway mode, where projects and tokens are the upstream's. */
export function welcomeGateway(url: string, upstream: string): string {
  return `Kontur listens at ${url} in front of ${upstream} (stop with Ctrl-C)

Use the projects and tokens that you have there, with this address; what is answered where:
  ${packagePath('docs/gateway.md')}

API description: ${url}/openapi.json
`;
}

/** The message of `kontur serve` if tokens are only issued to the clients and users of the configuration. */
export function welcomeMembers(url: string, projects: readonly string[]): string {
  return `Kontur listens at ${url} (projects: ${projects.join(', ')}; stop with Ctrl-C)

How clients and users get a token:
  ${packagePath('docs/auth.md')}

API description: ${url}/openapi.json
`;
}

const invitation = (example: string) => `
Try it in another terminal: upload a photo of boats, cut one out, read its polygons.
${example
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;

/**
 * Reads one answer, prints one of its properties, and fails with the server's words where that is an error, or nothing
 * came.
 */
const READ_PROPERTY = [
  'const text = require("fs").readFileSync(0, "utf8"); if (text === "") process.exit(1)',
  'const { error, ...answer } = JSON.parse(text); if (error) { console.error(error.message); process.exit(1) }',
  'console.log(answer[process.argv[1]])',
].join('; ');

/**
 * Shell commands that take one photo from upload to polygons. They run in a shell of their own, which ends at the first
 * that fails, with what failed as its last words.
 *
 * @param token command that prints an access token
 */
export function exampleCommands(url: string, token: string): string {
  return `( set -e
TOKEN=$(${token})
PHOTO=${shellQuote(assetPath('boats.jpg'))}
read_property() { node -e '${READ_PROPERTY}' "$1"; }
call() { ROUTE=$1; shift; curl -sS -m 60 "${url}/api/v1/projects/demo$ROUTE" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'cdf-version: beta' "$@"; }
UPLOAD_URL=$(call '/files?overwrite=true' -d '{"name": "photo.jpg", "externalId": "photo", "mimeType": "image/jpeg"}' | read_property uploadUrl)
curl -sSf -m 60 -X PUT "$UPLOAD_URL" -H 'content-type: image/jpeg' --data-binary "@$PHOTO" -o /dev/null
JOB=$(call /context/vision/segment -d '{"items": [{"fileExternalId": "photo"}], "points": [{"x": 0.2, "y": 0.775}]}' | read_property jobId)
while :; do
  ANSWER=$(call "/context/vision/segment/$JOB")
  STATUS=$(printf '%s' "$ANSWER" | read_property status)
  case $STATUS in Completed | Failed) break ;; esac
  sleep 1
done
printf '%s\\n' "$ANSWER"; test "$STATUS" = Completed )`;
}
