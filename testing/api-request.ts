/** Builds a request to the API: a token, the header that the segment operation needs, and JSON if there is a body. */
export function apiRequest(token: string, method: string, body?: unknown): RequestInit {
  return {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'cdf-version': 'beta',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}
