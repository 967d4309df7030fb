import process from 'node:process';
import { type DestinationStream, pino } from 'pino';

/**
 * Opens standard error for log lines: as text where people read it, as JSON where programs do.
 *
 * @param format `auto` is text on a terminal, JSON elsewhere
 */
export async function openLogDestination(format: 'auto' | 'text' | 'json'): Promise<DestinationStream> {
  const isText = format === 'text' || (format === 'auto' && process.stderr.isTTY);
  if (!isText) return pino.destination(2);
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    colorize: process.stderr.isTTY && process.stderr.hasColors(),
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    destination: 2,
    sync: true,
  });
}
