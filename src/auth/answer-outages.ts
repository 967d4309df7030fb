import type { Provider } from 'oidc-provider';
import { KonturError } from '#contract/errors';
import { renderOutagePage } from './login-html.ts';

/**
 * Answers 503 while the database is unavailable, or 507 while it is full, for browsers with a page: the library would
 * say that the sign-in is wrong. Must be the first middleware of the provider.
 */
export function answerOutages(provider: Provider): void {
  provider.on('server_error', (context, error) => {
    context.state.failure = error;
  });
  provider.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof KonturError)) throw error;
      context.state.failure = error;
    }
    const { failure } = context.state;
    if (!(failure instanceof KonturError)) return;
    const { retryAfterSeconds } = failure.details;
    context.status = failure.status;
    context.remove('location');
    context.set('cache-control', 'no-store');
    if (retryAfterSeconds !== undefined) context.set('retry-after', String(retryAfterSeconds));
    if (context.accepts('json', 'html') === 'html') {
      context.type = 'html';
      context.body = renderOutagePage();
    } else {
      context.body = { error: 'temporarily_unavailable', error_description: failure.message };
    }
  });
}
