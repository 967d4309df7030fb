import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { KonturError } from '#contract/errors';

/** Addresses that are reached from this machine or its network alone. */
const PRIVATE = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(address, bits);
}
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  PRIVATE.addSubnet(address, bits, 'ipv6');
}

/**
 * Refuses a download link of the upstream that leads into this machine or its network, unless the upstream is there
 * itself: the server would be sending requests to its neighbours on behalf of the upstream.
 *
 * @throws KonturError `upstream-incompatible`
 */
export async function guardLink(link: string, upstream: string): Promise<void> {
  if (!(await isPrivate(link)) || (await isPrivate(upstream))) return;
  throw new KonturError(
    'upstream-incompatible',
    `A download link of the upstream leads to ${new URL(link).hostname}, which is in the network of this server.`,
  );
}

/** Whether any address of the host is private. One without an address is not: nothing is reached there. */
async function isPrivate(url: string): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) > 0 ? [{ address: host }] : await lookup(host, { all: true }).catch(() => []);
  return found.some(({ address }) => PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
}
