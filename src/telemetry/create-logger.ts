import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { redactSecrets } from './redact-secrets.ts';

export type { Logger } from 'pino';

/** Keys whose value is a secret wherever they stand in a logged object. */
const SECRET_KEYS = ['authorization', 'cookie', 'set-cookie', 'token', 'access_token', 'clientSecret', 'client_secret'];

/**
 * Creates the logger of a process: JSON, a line each, to `destination` (default: standard error).
 *
 * @param level least severe level to write; `silent` writes nothing
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
        censor: '[hidden]',
      },
      serializers: { err: serializeError, error: serializeError },
      hooks: {
        logMethod(args, method) {
          const safe = args.map((arg) => (typeof arg === 'string' ? redactSecrets(arg) : arg)) as typeof args;
          const [error, text, ...rest] = safe as [unknown, string | undefined, ...string[]];
          // For a lone error, pino uses its message as that of the line, without the serializer.
          if (error instanceof Error) method.call(this, { err: error }, text ?? redactSecrets(error.message), ...rest);
          else method.apply(this, safe);
        },
      },
    },
    destination,
  );
}

/** Messages and stacks of libraries may quote the address or header that they failed on. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactSecrets(error) : error;
  const { type, message, stack } = stdSerializers.err(error);
  const code = (error as { code?: unknown }).code;
  return {
    type,
    message: redactSecrets(message),
    stack: redactSecrets(stack),
    ...(code === undefined ? {} : { code }),
  };
}
