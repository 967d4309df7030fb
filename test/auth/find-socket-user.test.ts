import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { findSocketUser } from '../../src/auth/find-socket-user.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** A line of the table as Linux writes it. */
const row = (local: string, remote: string, { state = '01', user = 1000, inode = 4242 } = {}) =>
  `  12: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${String(user).padStart(5)}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;

const own = { address: '127.0.0.1', port: 54_321 };
const other = { address: '127.0.0.1', port: 8321 };
const [MINE, SERVER] = ['0100007F:D431', '0100007F:2081'];

describe('the user of a socket', () => {
  const find = (rows: string[], ends = { own, other }) => findSocketUser([HEAD, ...rows, ''].join('\n'), ends, true);

  it('is that of the line with both ends, and not of the opposite socket', () => {
    const rows = [row(SERVER, MINE, { user: 0 }), row('0100007F:D432', SERVER, { user: 1 }), row(MINE, SERVER)];
    expect(find(rows)).toBe(1000);
    expect(find(rows, { own: other, other: own })).toBe(0);
  });

  it('is nobody where there is no such line', () => {
    expect(find([])).toBeUndefined();
    expect(find([row(SERVER, MINE), row(MINE, '0100007F:2082')])).toBeUndefined();
    expect(findSocketUser('', { own, other }, true)).toBeUndefined();
    expect(find(['nonsense', row(MINE, SERVER).slice(0, 60)])).toBeUndefined();
  });

  it('is nobody once the process has closed it: it would be shown as one of user 0', () => {
    for (const state of ['04', '05', '06', '08']) {
      expect(find([row(MINE, SERVER, { state, user: 0, inode: 0 })])).toBeUndefined();
      expect(find([row(MINE, SERVER, { state })])).toBeUndefined();
    }
    expect(find([row(MINE, SERVER, { user: 0, inode: 0 })])).toBeUndefined();
  });

  it('is found in IPv6, and in IPv4 within it', () => {
    const six = '00000000000000000000000001000000';
    const ends = { own: { address: '::1', port: 54_321 }, other: { address: '::1', port: 8321 } };
    expect(find([row(`${six}:D431`, `${six}:2081`)], ends)).toBe(1000);
    const mapped = '0000000000000000FFFF00000100007F';
    expect(find([row(`${mapped}:D431`, `${mapped}:2081`)])).toBe(1000);
    const asMapped = { own, other: { ...other, address: '::ffff:127.0.0.1' } };
    expect(find([row(MINE, SERVER)], asMapped)).toBe(1000);
  });

  it('is found where words are written the other way round', () => {
    const table = row('7F000001:D431', '7F000001:2081');
    expect(findSocketUser(table, { own, other }, false)).toBe(1000);
    expect(findSocketUser(table, { own, other }, true)).toBeUndefined();
  });

  it('is nobody for an address that is none of loopback', () => {
    const ends = { own: { address: 'fe80::1', port: 54_321 }, other: { address: 'fe80::1', port: 8321 } };
    expect(find([row(MINE, SERVER)], ends)).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('the tables of this machine', () => {
  const servers: net.Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '127.0.0.1'],
  ])('a server at %s reached by %s', async (host, reached) => {
    const server = net.createServer().listen(0, host);
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const accepted = new Promise<net.Socket>((resolve) => server.once('connection', resolve));
    const client = net.connect((server.address() as AddressInfo).port, reached);
    const { remoteAddress, remotePort, localAddress, localPort } = await accepted;
    const ends = {
      own: { address: remoteAddress!, port: remotePort! },
      other: { address: localAddress!, port: localPort! },
    };
    const found = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => findSocketUser(readFileSync(file, 'latin1'), ends));
    client.destroy();
    expect(found.filter((user) => user !== undefined)).toEqual([process.getuid?.()]);
  });
});
