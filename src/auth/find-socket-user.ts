import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** One end of a TCP connection. */
export interface SocketEnd {
  address: string;
  port: number;
}

/** State of a connection in the tables of Linux: established, and neither end has closed it. */
const ESTABLISHED = '01';
/** An IPv4 address within IPv6, without its last four bytes: `::ffff:0:0`. */
const MAPPED = [...Array<number>(10).fill(0), 255, 255];
const LOOPBACK_6 = [...Array<number>(15).fill(0), 1];

/**
 * Finds the id of the user who opened the socket at one end of a connection over loopback, in the text of
 * `/proc/net/tcp` or `/proc/net/tcp6`.
 *
 * A socket that its process has closed counts for nobody: Linux shows it as one of user 0, no matter who had it.
 *
 * @param own the end that the socket is, as its user sees the connection
 * @param other the opposite end
 * @param littleEndian how the machine that wrote the table orders bytes
 * @returns undefined if no open socket of the table is that end
 */
export function findSocketUser(
  table: string,
  { own, other }: { own: SocketEnd; other: SocketEnd },
  littleEndian = endianness() === 'LE',
): number | undefined {
  const mine = spellings(own, littleEndian);
  const theirs = spellings(other, littleEndian);
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state, , , , user = '', , inode = '0'] = line.trim().split(/\s+/);
    if (!mine.includes(local) || !theirs.includes(remote)) continue;
    return state === ESTABLISHED && inode !== '0' && /^\d+$/.test(user) ? Number(user) : undefined;
  }
  return undefined;
}

/** How the tables write an end: words of the address in hexadecimal as the machine holds them, and the port. */
function spellings({ address, port }: SocketEnd, littleEndian: boolean): string[] {
  const suffix = port.toString(16).toUpperCase().padStart(4, '0');
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  const forms = isIPv4(plain)
    ? [plain.split('.').map(Number), [...MAPPED, ...plain.split('.').map(Number)]]
    : plain === '::1'
      ? [LOOPBACK_6]
      : [];
  return forms.map((bytes) => `${inWords(bytes, littleEndian)}:${suffix}`);
}

function inWords(bytes: readonly number[], littleEndian: boolean): string {
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4));
  return words
    .flatMap((word) => (littleEndian ? word.toReversed() : word))
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}
