/** References to groups match private addresses: a call by the public address may need no rule, but another address. */
import { byId, interfaceName } from '../../cloud/lookup.js';
import { probeText } from '../../cloud/text/probe.js';
import { type Question, queryModel } from './query-model.js';
import type { ExplainContext, PrivateCall } from './types.js';

/** @returns null where the public address was not asked for, or where the private one passes no better */
export function privateCall({ cloud, question }: ExplainContext, asked: Question): PrivateCall | null {
  const { from, to, destinationAddress } = question;
  if (from.kind === 'external' || to.kind === 'external') return null;
  const { publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, to.interfaceId);
  const [address] = privateIpAddresses;
  if (address === undefined || destinationAddress !== publicIp) return null;
  const name = interfaceName(cloud, to.interfaceId);
  const spec = { ...asked.spec, to: name };
  if (queryModel(cloud, { ...asked, spec }).outcome !== 'connected') return null;
  return { address, interface: name, probe: probeText(spec) };
}
