/** A request that failed: the server's answer, or that there was none. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** HTTP status; 0 if the server could not be reached. */
  readonly status: number;
  /** Milliseconds after which the server wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  /** Id of the request in the server's log. */
  readonly requestId: string | undefined;
  /** What the server says of the error besides its message, such as `current`. */
  readonly details: Readonly<Record<string, unknown>>;

  /** `message`: the server's sentence about what is wrong and what to do. */
  private constructor(
    message: string,
    {
      status,
      retryAfterMs,
      requestId,
      details,
      cause,
    }: Partial<Pick<ApiError, 'status' | 'retryAfterMs' | 'requestId' | 'details'>> & { cause?: unknown },
  ) {
    super(message, { cause });
    this.status = status ?? 0;
    this.retryAfterMs = retryAfterMs;
    this.requestId = requestId;
    this.details = details ?? {};
  }

  /** Reads the error that a refused request was answered with. */
  static async of(response: Response): Promise<ApiError> {
    const body: unknown = await response.json().catch(() => undefined);
    const error = (body as { error?: Record<string, unknown> } | undefined)?.error;
    const message = typeof error?.message === 'string' ? error.message : response.statusText;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    const requestId = response.headers.get('x-request-id') ?? undefined;
    return new ApiError(message, { status: response.status, retryAfterMs, requestId, details: error });
  }

  /** The error of a request that got no answer; an aborted one is passed through as it is. */
  static unreachable(cause: unknown): Error {
    if (cause instanceof DOMException && cause.name === 'AbortError') return cause;
    if (cause instanceof ApiError) return cause;
    return new ApiError('The server does not answer.', { cause });
  }
}
