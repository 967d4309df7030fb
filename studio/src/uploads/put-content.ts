import { ApiError } from '../api/api-error.ts';

/** Where the server takes content itself, below its own address. */
const CONTENT_PATH = /^\/api\/v1\/files\/storage\//;

/**
 * Sends the content of a file to the link that the API answered. (`fetch` tells nobody how much has been sent.)
 *
 * @param options.progress called with how many bytes have been sent
 * @throws ApiError for a refusal or a lost connection; the reason of `signal` once it is aborted
 */
export function putContent(
  uploadUrl: string,
  content: Blob,
  { signal, progress }: { signal: AbortSignal; progress: (sentBytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('PUT', toOwnOrigin(uploadUrl));
    request.setRequestHeader('content-type', 'application/octet-stream');
    const stop = () => request.abort();
    signal.addEventListener('abort', stop);
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else void ApiError.of(toResponse(request)).then(reject);
    };
    request.onerror = () => reject(ApiError.unreachable(new TypeError('The connection was lost.')));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener('abort', stop);
    request.send(content);
  });
}

/** The page may have been opened by another name of the server than its links have. */
function toOwnOrigin(uploadUrl: string): string {
  const { pathname, search } = new URL(uploadUrl, location.origin);
  return CONTENT_PATH.test(pathname) ? pathname + search : uploadUrl;
}

function toResponse(request: XMLHttpRequest): Response {
  const { responseText, status, statusText } = request;
  const retryAfter = request.getResponseHeader('retry-after');
  return new Response(responseText, { status, statusText, headers: retryAfter ? { 'retry-after': retryAfter } : {} });
}
