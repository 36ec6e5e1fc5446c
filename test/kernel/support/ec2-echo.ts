/**
 * An EC2 endpoint on 127.0.0.1 that creates nothing: it hands out ids, answers with the states that scripts wait for,
 * and records the requests. An id that it never handed out is a fault.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Ec2Request {
  readonly action: string;
  /** Names are as on the wire: `IpPermissions.1.IpProtocol`. */
  readonly parameters: Readonly<Record<string, string>>;
}

type Answer = Readonly<Record<string, unknown>>;

const ID = /^(vpc|subnet|sg|rtb|acl|aclassoc|igw|eigw|pcx|tgw|tgw-attach|pl|eni|i|nat|eipalloc|vpce)-[0-9a-f]{8,17}$/;
/** A block as AWS chooses it. */
export const IPV6_BLOCK = '2600:1f18:abc:7f00::/56';

export class Ec2Echo {
  readonly requests: Ec2Request[] = [];
  readonly faults: string[] = [];
  readonly #server: Server;
  readonly #ids = new Set<string>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Ec2Echo> {
    const server = createServer();
    const echo = new Ec2Echo(server);
    server.on('request', async (request, response) => {
      const body = new URLSearchParams(await text(request));
      response.setHeader('content-type', 'text/xml');
      response.end(echo.#answer(Object.fromEntries(body)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return echo;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the endpoint does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The requests of one action, in order. */
  of(action: string): Readonly<Record<string, string>>[] {
    return this.requests.filter((each) => each.action === action).map(({ parameters }) => parameters);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer({ Action: action = '', Version: _, ...parameters }: Record<string, string>): string {
    this.requests.push({ action, parameters });
    for (const [key, value] of Object.entries(parameters)) {
      if (ID.test(value) && !this.#ids.has(value)) this.faults.push(`${action} ${key}: ${value} was never handed out`);
      if (value === 'None' || value === '') this.faults.push(`${action} ${key}: ${JSON.stringify(value)}`);
    }
    const id = (prefix: string) => {
      const made = `${prefix}-${(this.#ids.size + 1).toString(16).padStart(17, '0')}`;
      this.#ids.add(made);
      return made;
    };
    const body = (ANSWERS[action] ?? (() => ({ return: 'true' })))(id, parameters);
    return `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${xml(body)}</${action}Response>`;
  }
}

const ANSWERS: Readonly<Record<string, (id: (prefix: string) => string, asked: Record<string, string>) => Answer>> = {
  CreateVpc: (id) => ({ vpc: { vpcId: id('vpc') } }),
  DescribeVpcs: () => {
    const association = { ipv6CidrBlock: IPV6_BLOCK, ipv6CidrBlockState: { state: 'associated' } };
    return { vpcSet: [{ ipv6CidrBlockAssociationSet: [association] }] };
  },
  DescribeRouteTables: (id) => ({ routeTableSet: [{ routeTableId: id('rtb') }] }),
  DescribeSecurityGroups: (id) => ({ securityGroupInfo: [{ groupId: id('sg') }] }),
  DescribeNetworkAcls: (id, asked) => {
    const other = { subnetId: 'subnet-ffffffff', networkAclAssociationId: 'aclassoc-ffffffff' };
    const subnetId = asked['Filter.1.Value.1'];
    const associationSet = [other, { subnetId, networkAclAssociationId: id('aclassoc') }];
    return { networkAclSet: [{ networkAclId: id('acl'), associationSet }] };
  },
  CreateInternetGateway: (id) => ({ internetGateway: { internetGatewayId: id('igw') } }),
  CreateEgressOnlyInternetGateway: (id) => ({
    egressOnlyInternetGateway: { egressOnlyInternetGatewayId: id('eigw') },
  }),
  CreateSubnet: (id) => ({ subnet: { subnetId: id('subnet') } }),
  CreateVpcPeeringConnection: (id) => ({ vpcPeeringConnection: { vpcPeeringConnectionId: id('pcx') } }),
  CreateTransitGateway: (id) => ({ transitGateway: { transitGatewayId: id('tgw') } }),
  DescribeTransitGateways: () => ({ transitGatewaySet: [{ state: 'available' }] }),
  CreateTransitGatewayVpcAttachment: (id) => ({
    transitGatewayVpcAttachment: { transitGatewayAttachmentId: id('tgw-attach') },
  }),
  DescribeTransitGatewayVpcAttachments: () => ({ transitGatewayVpcAttachments: [{ state: 'available' }] }),
  CreateManagedPrefixList: (id) => ({ prefixList: { prefixListId: id('pl') } }),
  DescribeManagedPrefixLists: (id) => ({ prefixListSet: [{ prefixListId: id('pl'), state: 'create-complete' }] }),
  CreateSecurityGroup: (id) => ({ groupId: id('sg') }),
  CreateNetworkAcl: (id) => ({ networkAcl: { networkAclId: id('acl') } }),
  CreateNatGateway: (id) => ({ natGateway: { natGatewayId: id('nat') } }),
  DescribeNatGateways: () => ({ natGatewaySet: [{ state: 'available' }] }),
  AllocateAddress: (id) => ({ allocationId: id('eipalloc') }),
  CreateNetworkInterface: (id) => ({ networkInterface: { networkInterfaceId: id('eni') } }),
  RunInstances: (id) => ({ instancesSet: [{ instanceId: id('i') }] }),
  CreateRouteTable: (id) => ({ routeTable: { routeTableId: id('rtb') } }),
  CreateVpcEndpoint: (id) => ({ vpcEndpoint: { vpcEndpointId: id('vpce') } }),
};

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<item>${xml(item)}</item>`).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `<${key}>${xml(each)}</${key}>`)
    .join('');
}
