import { CloudError } from '../errors.js';
import { isAddress, parseAddress } from '../network/cidr.js';
import { claimInternetAddress } from '../network/internet-address.js';
import { withValue } from '../records.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import { checkNewMachine } from './instance.js';
import type { ExternalHost, Listener } from './types.js';

export interface ExternalHostInput {
  readonly name: string;
  /** At most one per family. */
  readonly addresses: readonly string[];
  readonly listen?: readonly Listener[];
}

/** A machine on the internet. Throws CloudError for an address that is taken, special or inside a VPC. */
export function createExternalHost(cloud: Cloud, input: ExternalHostInput): { cloud: Cloud; host: ExternalHost } {
  checkNewMachine(cloud, 'the external host', input.name);
  checkFamilies(input.addresses);
  const host: ExternalHost = {
    name: input.name,
    addresses: input.addresses.map((address) => claimInternetAddress(cloud, address)),
    listen: [...(input.listen ?? [])],
  };
  return { cloud: { ...cloud, externalHosts: withValue(cloud.externalHosts, host.name, host) }, host };
}

function checkFamilies(addresses: readonly string[]): void {
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined) {
    throw invalid(
      `Invalid IP address: ${printable(wrong)}`,
      'Write an address such as 198.51.100.10, without a prefix length.',
    );
  }
  const families = addresses.map((address) => parseAddress(address).family);
  if (addresses.length === 0 || new Set(families).size < families.length) {
    throw invalid(
      `an external host has one address per family, not ${addresses.length}`,
      'Define one host for each address.',
    );
  }
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}
