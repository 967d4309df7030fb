import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { release } from 'node:os';
import process from 'node:process';
import { clientAddress } from './client-address.ts';
import { findSocketUser } from './find-socket-user.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** Whom Linux shows for every user that this process's namespace does not know. */
const UNKNOWN_USER = 65_534;
/** A relay speaks for someone else, and may say so by one of these. */
const OF_A_RELAY = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/i;

/**
 * Whether this system says whose a connection is. In Windows' subsystem for Linux it does, but a browser of Windows
 * comes through a relay of user 0.
 */
export function knowsOwnRequests(): boolean {
  const user = process.getuid?.();
  if (process.platform !== 'linux' || user === undefined || user === UNKNOWN_USER) return false;
  return !/microsoft/i.test(release());
}

/**
 * Whether the program at the other end of a request's connection is one of the user who runs this server: Linux says
 * whose each socket is. False wherever that cannot be known: on another system, from another machine or container, or
 * through a relay.
 *
 * @param host where the server is, as `127.0.0.1:8321`; a request to any other name came through something else
 */
export async function isOwnRequest(request: IncomingMessage, host: string): Promise<boolean> {
  const user = process.getuid?.();
  if (process.platform !== 'linux' || user === undefined || user === UNKNOWN_USER) return false;
  const { remoteAddress, remotePort, localAddress, localPort } = request.socket;
  if (remoteAddress === undefined || localAddress === undefined) return false;
  if (remotePort === undefined || localPort === undefined) return false;
  if (clientAddress(request) !== remoteAddress || namesRelay(request, host)) return false;
  const ends = {
    own: { address: remoteAddress, port: remotePort },
    other: { address: localAddress, port: localPort },
  };
  for (const file of TABLES) {
    const found = findSocketUser(await readFile(file, 'latin1').catch(() => ''), ends);
    if (found !== undefined) return found === user;
  }
  return false;
}

/** Judged by the headers as they came: the issuer is handed others. */
function namesRelay({ rawHeaders }: IncomingMessage, host: string): boolean {
  return rawHeaders.some((name, index) => {
    if (index % 2 === 1) return false;
    return OF_A_RELAY.test(name) || (name.toLowerCase() === 'host' && rawHeaders[index + 1] !== host);
  });
}
