import { managedPrefixLists } from '../../cloud/groups/prefix-list.js';
import { byId } from '../../cloud/lookup.js';
import { cidrContainsCidr, parseCidr } from '../../cloud/network/cidr.js';
import type { Vpc } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import { quoted, type Shell, word } from './shell.js';

/** Amazon's own IPv6 blocks for VPCs are all of this size. */
const IPV6_PREFIX = 56;

/** A script in the making: the shell variables that hold ids, and what has no commands. */
export class Script {
  readonly cloud: Cloud;
  readonly notExported: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** `VPC_1=$(aws ec2 create-vpc … --query Vpc.VpcId --output text)`; `kind` begins the variable's name. */
  assign(id: string, kind: string, command: string, query: string): string {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    this.#names.set(id, `${kind}_${number}`);
    return `${kind}_${number}=$(aws ec2 ${command} --query ${quoted(query)} --output text)`;
  }

  has(id: string): boolean {
    return this.#names.has(id);
  }

  /** The shell variable with the id of something that was assigned before. */
  id(id: string): Shell {
    const name = this.#names.get(id);
    if (name === undefined) throw new Error(`the script uses ${id} before it makes it`);
    return { shell: `$${name}` };
  }

  use(...ids: readonly string[]): string {
    return ids.map((id) => word(this.id(id))).join(' ');
  }

  /** Whether the script gives the VPC an IPv6 block. */
  hasIpv6({ ipv6Cidr }: Vpc): boolean {
    return ipv6Cidr !== null && parseCidr(ipv6Cidr).prefixLength === IPV6_PREFIX;
  }

  /** An address or block; what lies in a VPC's IPv6 block lies in the one that AWS chooses. */
  block(text: string): string | Shell {
    const isAddress = !text.includes('/');
    const cidr = parseCidr(isAddress ? `${text}/${text.includes(':') ? 128 : 32}` : text);
    const vpc = Object.values(this.cloud.vpcs).find(
      (each) => this.hasIpv6(each) && cidrContainsCidr(parseCidr(each.ipv6Cidr ?? ''), cidr),
    );
    if (vpc === undefined) return text;
    const byte = ((cidr.first >> 64n) & 0xffn).toString(16).padStart(2, '0');
    const groups = [48n, 32n, 16n, 0n].map((shift) => ((cidr.first >> shift) & 0xffffn).toString(16));
    const rest = groups.every((group) => group === '0') ? '::' : `:${groups.join(':')}`;
    const tail = `${rest}${isAddress ? '' : `/${cidr.prefixLength}`}`;
    return { shell: `$(ipv6 "${this.id(ipv6Key(vpc)).shell}" ${byte} ${tail})` };
  }

  /** The id of a prefix list; AWS's own are looked up, once. */
  lookUpPrefixList(id: string): string[] {
    if (this.has(id) || !Object.hasOwn(managedPrefixLists(this.cloud.region), id)) return [];
    const name = this.inRegion(byId(this.cloud.prefixLists, id).name);
    const filter = `--filters "Name=prefix-list-name,Values=${name.shell}"`;
    return [this.assign(id, 'LIST', `describe-managed-prefix-lists ${filter}`, 'PrefixLists[0].PrefixListId')];
  }

  /** `com.amazonaws.us-east-1.s3`, in the Region where the script runs. */
  inRegion(name: string): Shell {
    return { shell: name.replace(this.cloud.region, '$AWS_REGION') };
  }
}

/** Keys under which a VPC's IPv6 block and its gateways are assigned. */
export const ipv6Key = ({ id }: Vpc) => `${id} ipv6`;
export const gatewayKey = (vpcId: string) => `${vpcId} igw`;
export const egressOnlyGatewayKey = (vpcId: string) => `${vpcId} eigw`;
