/** Clouds to draw. */
import type { Cloud } from '../../../src/cloud/types.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';

/** One of everything that a picture shows. */
export const SHOP = parseScenario(
  `name: shop
vpcs:
  shop:
    cidr: 10.0.0.0/16
    internetGateway: true
    subnets: { public: { cidr: 10.0.1.0/24, public: true }, private: { cidr: 10.0.2.0/24, routeTable: outward } }
  data: { cidr: 10.1.0.0/16 }
routeTables: { outward: { vpc: shop, routes: [{ to: 0.0.0.0/0, via: nat }, { to: 10.1.0.0/16, via: p }] } }
natGateways: { nat: { subnet: public } }
peerings: { p: { between: [shop, data] } }
securityGroups:
  web: { vpc: shop, ingress: [{ protocol: tcp, ports: 443, from: 0.0.0.0/0 }] }
  db: { vpc: shop, ingress: [{ protocol: tcp, ports: 3306, from: web }] }
instances:
  web-1: { subnet: public, securityGroups: web, publicIp: true, listen: [tcp/443] }
  web-2: { subnet: public, securityGroups: web }
  db-1: { subnet: private, securityGroups: [db, web], listen: [tcp/3306] }
loadBalancers: { front: { type: network, subnet: public, securityGroups: web, listeners: [{ port: 80, targets: [web-1, web-2], targetPort: 443 }] } }
internet: { office: 198.51.100.10 }`,
  'shop.yaml',
).cloud;

/** @param machines all alike but for each tenth, which has another group, too */
export function largeCloud(machines: number): Cloud {
  const instances = Array.from({ length: machines }, (_, at) => {
    const groups = at % 10 === 0 ? '[web, db]' : 'web';
    return `  m-${at}: { subnet: ${at % 2 === 0 ? 'a' : 'b'}, securityGroups: ${groups} }`;
  });
  return parseScenario(
    `name: large
vpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.0.0/20 }, b: { cidr: 10.0.16.0/20 } } } }
securityGroups: { web: { vpc: v }, db: { vpc: v } }
instances:
${instances.join('\n')}`,
    'large.yaml',
  ).cloud;
}
