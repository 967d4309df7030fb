/** Headers of every file of the studio: isolated, so that workers may share memory, and readable by no other site. */
export const FILE_HEADERS = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** What a page may ask a browser for; of these the studio writes to the clipboard and goes full screen. */
const PERMISSIONS = [
  'clipboard-write=(self)',
  'fullscreen=(self)',
  ...['camera', 'display-capture', 'geolocation', 'hid', 'microphone', 'midi', 'payment', 'serial', 'usb'].map(
    (feature) => `${feature}=()`,
  ),
].join(', ');

/** Headers of the studio's page, which may be framed by itself only: that is how a session is looked up silently. */
export const PAGE_HEADERS = {
  ...FILE_HEADERS,
  'cache-control': 'no-cache',
  'permissions-policy': PERMISSIONS,
  'x-frame-options': 'SAMEORIGIN',
};

/**
 * The content security policy of the studio. Workers follow that of their own file, so files have it too.
 *
 * @param options.otherOrigins what the page calls beyond the server itself, such as `https://login.example`
 * @param options.nonce of style elements that the page makes; without one there can be none
 */
export function studioPolicy({ otherOrigins, nonce }: { otherOrigins: readonly string[]; nonce?: string }): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' blob: data:",
    ["connect-src 'self'", ...otherOrigins].join(' '),
    "worker-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}
