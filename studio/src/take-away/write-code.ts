import type { ObjectPrompt } from '../objects/photo-object.ts';

/** A call of the API to be written as code. */
export interface CodeRequest {
  /** Origin of the server, such as `http://127.0.0.1:8321`. */
  baseUrl: string;
  project: string;
  fileId: number;
  prompt: ObjectPrompt;
  /** Index in the answer of the segment that was chosen; 0 is the best. */
  segment: number;
}

/** A language or tool that a call can be written in. */
export interface CodeLanguage {
  id: 'curl' | 'javascript' | 'python' | 'python-sdk';
  /** What it is called in menus; no language translates it. */
  title: string;
  /** Name under which the code is saved and run. */
  fileName: string;
}

/** Every language that `writeCode` knows, in the order of menus. */
export const CODE_LANGUAGES: readonly CodeLanguage[] = [
  { id: 'curl', title: 'curl', fileName: 'segment.sh' },
  { id: 'javascript', title: 'JavaScript', fileName: 'segment.mjs' },
  { id: 'python', title: 'Python', fileName: 'segment.py' },
  { id: 'python-sdk', title: 'Python (cognite-sdk)', fileName: 'segment.py' },
];

const TOKEN_HINT =
  'KONTUR_TOKEN is an access token; in development `npx --no-install kontur token` prints one. Example:';
const EXPORT_TOKEN = 'export KONTUR_TOKEN="$(npx --no-install kontur token)"';

/**
 * Writes a call of the public API as complete code: it posts the prompt as a job, waits for its end and prints polygons
 * in fractions of the upright photo. The token comes from the environment variable `KONTUR_TOKEN`, and is never in the
 * code.
 */
export function writeCode(language: CodeLanguage['id'], request: CodeRequest): string {
  const { baseUrl, project, fileId, prompt } = request;
  const { points, boundingBox } = prompt;
  const parts: Parts = {
    ...request,
    path: `/api/v1/projects/${encodeURIComponent(project)}/context/vision/segment`,
    origin: new URL(baseUrl).origin,
    body: {
      items: [{ fileId }],
      ...(points.length > 0 && { points: points.map(({ x, y, label }) => ({ x, y, label })) }),
      ...(boundingBox && { boundingBox }),
    },
  };
  return WRITERS[language](parts);
}

interface Parts extends CodeRequest {
  path: string;
  origin: string;
  /** Body of the request. Its values are numbers, which all four languages write alike. */
  body: object;
}

const WRITERS: Record<CodeLanguage['id'], (parts: Parts) => string> = {
  curl: writeCurl,
  javascript: writeJavaScript,
  python: writePython,
  'python-sdk': writePythonSdk,
};

/** For any POSIX shell. In a subshell, so that a failure does not close the terminal that it was pasted into. */
function writeCurl({ origin, path, body, segment }: Parts): string {
  return `# ${TOKEN_HINT}
# ${EXPORT_TOKEN}
# Prints the job; the outline is items[0].segments[${segment}].polygons, in fractions of width and height.
(
  set -eu
  url=${quoteShell(origin + path)}
  ask() {
    curl -sSf -H "Authorization: Bearer \${KONTUR_TOKEN:?is not set}" -H 'cdf-version: beta' "$@"
  }
  job=$(ask -H 'Content-Type: application/json' "$url" --data ${quoteShell(toText(body).replaceAll('\n', '\n  '))})
  id=$(printf '%s' "$job" | sed -n 's/.*"jobId": *\\([0-9]*\\).*/\\1/p')
  until printf '%s' "$job" | grep -Eq '"status": *"(Completed|Failed)"'; do
    sleep 1
    job=$(ask "$url/$id")
  done
  printf '%s\\n' "$job"
)
`;
}

function writeJavaScript({ origin, project, path, body, segment }: Parts): string {
  return `// npm install @cognite/sdk, save as segment.mjs, node segment.mjs
// ${TOKEN_HINT}
// ${EXPORT_TOKEN}
import { setTimeout as sleep } from 'node:timers/promises';
import { CogniteClient } from '@cognite/sdk';

const client = new CogniteClient({
  appId: 'kontur-example',
  project: ${quote(project)},
  baseUrl: ${quote(origin)},
  oidcTokenProvider: async () => process.env.KONTUR_TOKEN,
});

const path = ${quote(path)};
const headers = { 'cdf-version': 'beta' };
const data = ${toText(body)};

let { data: job } = await client.post(path, { headers, data });
while (job.status !== 'Completed' && job.status !== 'Failed') {
  await sleep(1000);
  ({ data: job } = await client.get(\`\${path}/\${job.jobId}\`, { headers }));
}
if (job.status === 'Failed') throw new Error(job.errorMessage);

// Vertices are fractions of the photo's width and height.
const { polygons } = job.items[0].segments[${segment}];
console.log(JSON.stringify(polygons));
`;
}

function writePython({ origin, path, body, segment }: Parts): string {
  return `# Python 3, standard library alone
# ${TOKEN_HINT}
# ${EXPORT_TOKEN}
import json
import os
import time
from urllib.request import Request, urlopen

URL = ${quote(origin + path)}
HEADERS = {
    "Authorization": "Bearer " + os.environ["KONTUR_TOKEN"],
    "Content-Type": "application/json",
    "cdf-version": "beta",
}


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, HEADERS)) as answer:
        return json.load(answer)


job = ask(URL, ${toText(body, 4)})
while job["status"] not in ("Completed", "Failed"):
    time.sleep(1)
    job = ask(f"{URL}/{job['jobId']}")
if job["status"] == "Failed":
    raise SystemExit(job["errorMessage"])

# Vertices are fractions of the photo's width and height.
print(json.dumps(job["items"][0]["segments"][${segment}]["polygons"]))
`;
}

/** Source: cognite-sdk-python.readthedocs-hosted.com, `CogniteClient.post` and `get`, `ClientConfig`, `Token`. */
function writePythonSdk({ origin, project, path, body, segment }: Parts): string {
  return `# pip install cognite-sdk
# ${TOKEN_HINT}
# ${EXPORT_TOKEN}
import json
import os
import time

from cognite.client import ClientConfig, CogniteClient
from cognite.client.credentials import Token

client = CogniteClient(
    ClientConfig(
        client_name="kontur-example",
        project=${quote(project)},
        base_url=${quote(origin)},
        credentials=Token(os.environ["KONTUR_TOKEN"]),
    )
)

PATH = ${quote(path)}
HEADERS = {"cdf-version": "beta"}

job = client.post(PATH, json=${toText(body, 4)}, headers=HEADERS).json()
while job["status"] not in ("Completed", "Failed"):
    time.sleep(1)
    job = client.get(f"{PATH}/{job['jobId']}", headers=HEADERS).json()
if job["status"] == "Failed":
    raise SystemExit(job["errorMessage"])

# Vertices are fractions of the photo's width and height.
print(json.dumps(job["items"][0]["segments"][${segment}]["polygons"]))
`;
}

/**
 * JSON over several lines, each point and the box on one: also a literal of JavaScript and Python, since it has no texts
 * as values.
 *
 * @param indent 2, or 4 as is usual in Python, where braces also have no spaces within
 */
function toText(body: object, indent: 2 | 4 = 2): string {
  const pad = indent === 2 ? ' ' : '';
  return JSON.stringify(body, null, indent).replace(
    /\{\s+("(?:x|xMin|fileId)":[^{}]*?)\s+\}/g,
    (_, fields: string) => `{${pad}${fields.replace(/,\s+/g, ', ')}${pad}}`,
  );
}

/** A string literal of JavaScript and of Python. */
const quote = (text: string): string => JSON.stringify(text);

/** A word of a POSIX shell, whatever is in it. */
const quoteShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
