/** A port that should never be open to the world. */

export interface KnownPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly service: string;
}

const tcp = (service: string, ...ports: number[]): KnownPort[] =>
  ports.map((port) => ({ protocol: 'tcp', port, service }));
const udp = (service: string, ...ports: number[]): KnownPort[] =>
  ports.map((port) => ({ protocol: 'udp', port, service }));

export const SSH_PORTS: readonly KnownPort[] = tcp('SSH', 22);
export const RDP_PORTS: readonly KnownPort[] = [...tcp('RDP', 3389), ...udp('RDP', 3389)];

export const DATABASE_PORTS: readonly KnownPort[] = [
  ...tcp('MySQL', 3306),
  ...tcp('PostgreSQL', 5432),
  ...tcp('SQL Server', 1433),
  ...tcp('Oracle', 1521),
  ...tcp('MongoDB', 27017, 27018, 27019),
  ...tcp('Redis', 6379),
  ...tcp('Redshift', 5439),
  ...tcp('Cassandra', 7000, 7001, 9042, 9160),
  ...tcp('Elasticsearch', 9200, 9300),
  ...tcp('CouchDB', 5984),
  ...tcp('Neo4j', 7474, 7687),
  ...tcp('Db2', 50000),
  ...tcp('Memcached', 11211),
  ...udp('Memcached', 11211),
  ...udp('SQL Server browser', 1434),
];

export const ADMIN_PORTS: readonly KnownPort[] = [
  ...tcp('FTP', 21, 20),
  ...tcp('Telnet', 23),
  ...tcp('RPC', 111, 135),
  ...tcp('NetBIOS', 137, 138, 139),
  ...tcp('LDAP', 389),
  ...tcp('SMB', 445),
  ...tcp('rlogin', 512, 513, 514),
  ...tcp('rsync', 873),
  ...tcp('NFS', 2049),
  ...tcp('Docker', 2375, 2376),
  ...tcp('etcd', 2379, 2380),
  ...tcp('Kibana', 5601),
  ...tcp('VNC', 5800, 5900, 5901),
  ...tcp('WinRM', 5985, 5986),
  ...tcp('Kubernetes', 6443, 10250),
  ...udp('TFTP', 69),
  ...udp('SNMP', 161),
];
