/** The aws CLI against the endpoint: the next packet obeys what a command that has returned says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AWS_ALIAS, hasAws } from './support/aws-cli.js';
import { ServedLab } from './support/served-lab.js';

describe.skipIf(!hasAws)(`the aws CLI${hasAws ? '' : ' (there is none: apt-get install awscli)'}`, () => {
  let lab: ServedLab;
  let group: string;
  let web: string;
  let client: string;

  /** Runs commands as they are typed into a shell. */
  const shell = async (commands: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.client('bash', ['-euc', `${AWS_ALIAS}${commands}`]);
    if (code !== 0) throw new Error(`${commands}\nended with ${code}: ${stderr}`);
    return stdout.trim();
  };
  /** The last line that a command says which fails as the CLI does when an answer is an error. */
  const refusal = async (commands: string): Promise<string | undefined> => {
    const { code, stderr } = await lab.client('bash', ['-euc', `${AWS_ALIAS}${commands}`]);
    expect(code).toBeOneOf([254, 255]); // the second one of version 1
    return stderr.trim().split('\n').at(-1);
  };
  const toWeb = (what: string) => lab.probe(`${client} -> ${web} ${what}`);
  const fromWeb = (what: string) => lab.probe(`${web} -> ${client} ${what}`);

  beforeAll(async () => {
    lab = await ServedLab.up('aws-cli');
    const created = await shell(`aws ec2 create-security-group \\
    --group-name MySecurityGroup \\
    --description "My custom security group"`);
    group = JSON.parse(created).GroupId;
    const clients = await shell(`
      aws ec2 create-security-group --group-name clients --description d --query GroupId --output text`);
    const open = `IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]`;
    await shell(`aws ec2 authorize-security-group-ingress --group-id ${clients} --ip-permissions '${open}'`);
    const launch = (groupId: string) => `aws ec2 run-instances --image-id ami-0123456789abcdef0 \
      --security-group-ids ${groupId} --query 'Instances[0].InstanceId' --output text`;
    web = await shell(launch(group));
    client = await shell(launch(clients));
  });
  afterAll(() => lab?.stop());

  it('a new group lets nothing in and everything out', async () => {
    expect(await toWeb('tcp/80')).toBe('timed-out');
    expect(await fromWeb('tcp/80')).toBe('refused');
    const permissions = '--query "SecurityGroups[0].IpPermissions" --output json';
    expect(await shell(`aws ec2 describe-security-groups --group-names MySecurityGroup ${permissions}`)).toBe('[]');
  });

  it('an inbound rule opens its port, and no other, until it is revoked', async () => {
    await shell(`aws ec2 authorize-security-group-ingress \\
    --group-id ${group} \\
    --protocol tcp \\
    --port 80 \\
    --cidr 0.0.0.0/0`);
    expect([await toWeb('tcp/80'), await toWeb('tcp/81')]).toEqual(['refused', 'timed-out']);
    await shell(`aws ec2 revoke-security-group-ingress --group-id ${group} --protocol tcp --port 80 --cidr 0.0.0.0/0`);
    expect(await toWeb('tcp/80')).toBe('timed-out');
  });

  it('an outbound rule is what is left when the default one is gone', async () => {
    await shell(`aws ec2 revoke-security-group-egress --group-id ${group} --protocol all --cidr 0.0.0.0/0`);
    expect(await fromWeb('tcp/443')).toBe('timed-out');
    await shell(`aws ec2 authorize-security-group-egress \\
    --group-id ${group} \\
    --protocol tcp \\
    --port 443 \\
    --cidr 0.0.0.0/0`);
    expect([await fromWeb('tcp/443'), await fromWeb('tcp/80')]).toEqual(['refused', 'timed-out']);
  });

  it('a source group, ICMP and a modified rule are what the kernel makes of them', async () => {
    await shell(
      `aws ec2 authorize-security-group-ingress --group-name MySecurityGroup --protocol tcp --port 22-23 --source-group clients`,
    );
    expect([await toWeb('tcp/23'), await toWeb('icmp')]).toEqual(['refused', 'timed-out']);
    const rule = await shell(`
      aws ec2 authorize-security-group-ingress --group-id ${group} --protocol icmp --port 8--1 --cidr 172.31.0.0/16 \
        --query 'SecurityGroupRules[0].SecurityGroupRuleId' --output text`);
    expect(await toWeb('icmp')).toBe('connected');
    const to = `SecurityGroupRuleId=${rule},SecurityGroupRule={IpProtocol=icmp,FromPort=8,ToPort=-1,CidrIpv4=10.0.0.0/8}`;
    await shell(`aws ec2 modify-security-group-rules --group-id ${group} --security-group-rules '${to}'`);
    expect(await toWeb('icmp')).toBe('timed-out');
    const found = `--filters Name=group-id,Values=${group} --query 'SecurityGroupRules[].CidrIpv4' --output text`;
    expect(await shell(`aws ec2 describe-security-group-rules ${found}`)).toBe('0.0.0.0/0\t10.0.0.0/8');
  });

  it('a prefix list opens and closes by its entries', async () => {
    const list = await shell(`
      aws ec2 create-managed-prefix-list --prefix-list-name callers --address-family IPv4 --max-entries 3 \
        --query PrefixList.PrefixListId --output text`);
    const allow = `IpProtocol=tcp,FromPort=90,ToPort=90,PrefixListIds=[{PrefixListId=${list}}]`;
    await shell(`aws ec2 authorize-security-group-ingress --group-id ${group} --ip-permissions '${allow}'`);
    expect(await toWeb('tcp/90')).toBe('timed-out');
    const modify = `aws ec2 modify-managed-prefix-list --prefix-list-id ${list} --current-version`;
    await shell(`${modify} 1 --add-entries Cidr=172.31.0.0/16`);
    expect(await toWeb('tcp/90')).toBe('refused');
    await shell(`${modify} 2 --remove-entries Cidr=172.31.0.0/16`);
    expect(await toWeb('tcp/90')).toBe('timed-out');
  });

  it('says errors as it does of AWS', async () => {
    const ingress = `aws ec2 authorize-security-group-ingress --group-id ${group}`;
    expect(await refusal(`${ingress} --protocol tcp --cidr 0.0.0.0/0`)).toBe(
      'An error occurred (InvalidParameterValue) when calling the AuthorizeSecurityGroupIngress operation: Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
    );
    expect(await refusal(`${ingress} --protocol tcp --port 22-23 --source-group clients`)).toMatch(
      /^An error occurred \(InvalidPermission.Duplicate\) .* operation: the specified rule "peer: sg-[0-9a-f]{17}, TCP, from port: 22, to port: 23, ALLOW" already exists$/,
    );
    expect(await refusal(`${ingress} --dry-run --protocol tcp --port 7 --cidr 0.0.0.0/0`)).toMatch(
      /\(DryRunOperation\)/,
    );
    expect(await refusal(`aws ec2 delete-security-group --group-id ${group}`)).toMatch(
      new RegExp(`\\(DependencyViolation\\).* resource ${group} has a dependent object$`),
    );
    expect(await toWeb('tcp/7')).toBe('timed-out');
  });

  it.each([
    ['aws s3 ls', 's3'],
    ['aws iam list-users', 'iam'],
    ['aws dynamodb list-tables', 'dynamodb'],
    ['aws lambda list-functions', 'lambda'],
  ])('%s is told that there is no such service', async (command, service) => {
    expect(await refusal(command)).toMatch(
      new RegExp(`\\(NotImplemented\\).*: sglab speaks EC2 and STS: there is no ${service} here\\.$`),
    );
  });

  it('waits, and leafs through pages', async () => {
    await shell(`aws ec2 wait security-group-exists --group-ids ${group}`);
    const names = '--page-size 5 --query "SecurityGroups[].GroupName" --output text';
    await shell(`for i in 1 2 3; do aws ec2 create-security-group --group-name more-$i --description d; done`);
    expect((await shell(`aws ec2 describe-security-groups ${names}`)).split(/\s+/)).toHaveLength(6);
  });
});
