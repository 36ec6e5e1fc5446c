"""The life of a security group through boto3; each change is followed by a packet. Prints one line for each thing that holds.

SGLAB is the command line of sglab; the endpoint is given, because boto3 before 1.28 does not read AWS_ENDPOINT_URL.
"""

import json
import os
import shlex
import subprocess

import boto3
from botocore.exceptions import ClientError

EC2 = boto3.client("ec2", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]


def probe(source, target, what):
    command = [*shlex.split(os.environ["SGLAB"]), "probe", source, target, what, "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["outcome"]


def holds(statement, actual, expected):
    assert actual == expected, f"{statement}: {actual!r} instead of {expected!r}"
    print(statement)


def refusal(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


def tcp(port, **peers):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peers}


def launch(group):
    reservation = EC2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, SecurityGroupIds=[group])
    return reservation["Instances"][0]["InstanceId"]


def described(group):
    return EC2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]


def main():
    vpc = EC2.describe_security_groups()["SecurityGroups"][0]["VpcId"]
    tags = [{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "team", "Value": "a&b"}]}]
    web = EC2.create_security_group(GroupName="web", Description="Web", VpcId=vpc, TagSpecifications=tags)["GroupId"]
    clients = EC2.create_security_group(GroupName="clients", Description="d")["GroupId"]
    EC2.get_waiter("security_group_exists").wait(GroupIds=[web, clients])
    EC2.authorize_security_group_ingress(
        GroupId=clients, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web}]}]
    )
    server, client = launch(web), launch(clients)

    holds("A22: a group has the tags of its request", len(described(web)["Tags"]), 2)
    by_tag = EC2.describe_security_groups(Filters=[{"Name": "tag:team", "Values": ["a&b"]}])["SecurityGroups"]
    holds("a filter finds it by its tag", [group["GroupId"] for group in by_tag], [web])
    holds("A21: a new group has lists that are empty", described(web)["IpPermissions"], [])
    holds("it lets nothing in", probe(client, server, "tcp/22"), "timed-out")
    holds("and everything out", probe(server, client, "tcp/22"), "refused")

    bundle = tcp(
        22,
        IpRanges=[{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24", "Description": "office"}],
        Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}],
        UserIdGroupPairs=[{"GroupId": clients}],
    )
    EC2.authorize_security_group_ingress(GroupId=web, IpPermissions=[bundle])
    rules = EC2.get_paginator("describe_security_group_rules").paginate(
        Filters=[{"Name": "group-id", "Values": [web]}], PaginationConfig={"PageSize": 5}
    )
    inbound = [rule for page in rules for rule in page["SecurityGroupRules"] if not rule["IsEgress"]]
    holds("A5: one bundle is 4 rules", len({rule["SecurityGroupRuleId"] for rule in inbound}), 4)
    (permission,) = described(web)["IpPermissions"]
    holds("A5: and one bundle again", [len(permission["IpRanges"]), len(permission["Ipv6Ranges"])], [2, 1])
    holds("A21: with a list that is empty", permission["PrefixListIds"], [])
    holds("the group in it is let in", probe(client, server, "tcp/22"), "refused")

    holds("A7: again is a duplicate", refusal(EC2.authorize_security_group_ingress, GroupId=web, IpPermissions=[bundle]),
          ("InvalidPermission.Duplicate", 400))
    holds("A20: a dry run", refusal(EC2.revoke_security_group_ingress, GroupId=web, IpPermissions=[bundle], DryRun=True),
          ("DryRunOperation", 412))
    holds("A20: changes nothing", probe(client, server, "tcp/22"), "refused")
    one = tcp(22, UserIdGroupPairs=[{"GroupId": clients}])
    EC2.revoke_security_group_ingress(GroupId=web, IpPermissions=[one])
    holds("A10: one entry of a bundle is revoked", probe(client, server, "tcp/22"), "timed-out")
    holds("A10: the others stay", len(described(web)["IpPermissions"][0]["IpRanges"]), 2)
    answer = EC2.revoke_security_group_ingress(GroupId=web, IpPermissions=[one])
    holds("A9: a default VPC names what it does not know", len(answer["UnknownIpPermissions"]), 1)

    office = next(rule for rule in inbound if rule.get("Description") == "office")["SecurityGroupRuleId"]
    changed = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "CidrIpv4": "172.31.0.0/16"}
    EC2.modify_security_group_rules(
        GroupId=web, SecurityGroupRules=[{"SecurityGroupRuleId": office, "SecurityGroupRule": changed}]
    )
    holds("A12: a modified rule is in force", probe(client, server, "tcp/23"), "refused")
    EC2.create_tags(Resources=[office], Tags=[{"Key": "k", "Value": "v"}])
    (found,) = EC2.describe_security_group_rules(SecurityGroupRuleIds=[office])["SecurityGroupRules"]
    holds("A12: and keeps its id", [found["CidrIpv4"], found["Tags"]], ["172.31.0.0/16", [{"Key": "k", "Value": "v"}]])
    EC2.revoke_security_group_ingress(GroupId=web, SecurityGroupRuleIds=[office])
    holds("A11: it is revoked by its id", probe(client, server, "tcp/23"), "timed-out")
    holds("A11: and is gone", refusal(EC2.revoke_security_group_ingress, GroupId=web, SecurityGroupRuleIds=[office]),
          ("InvalidSecurityGroupRuleId.NotFound", 400))

    everything = [{"IpProtocol": "-1", "FromPort": 0, "ToPort": 0, "IpRanges": ANYWHERE}]
    EC2.revoke_security_group_egress(GroupId=web, IpPermissions=everything)
    holds("A8: -1 with ports is the rule without", probe(server, client, "tcp/22"), "timed-out")

    interface = EC2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]["NetworkInterfaces"][0]
    EC2.modify_network_interface_attribute(NetworkInterfaceId=interface["NetworkInterfaceId"], Groups=[clients])
    EC2.authorize_security_group_ingress(
        GroupId=clients, IpPermissions=[tcp(80, UserIdGroupPairs=[{"GroupId": clients}])]
    )
    holds("A23: the groups of an interface are replaced", probe(client, server, "tcp/80"), "refused")

    holds("A17: a group that a rule names stays", refusal(EC2.delete_security_group, GroupId=web),
          ("DependencyViolation", 400))
    EC2.revoke_security_group_ingress(
        GroupId=clients, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web}]}]
    )
    EC2.delete_security_group(GroupId=web)
    holds("A18: it is gone", refusal(EC2.describe_security_groups, GroupIds=[web]), ("InvalidGroup.NotFound", 400))
    empty = EC2.describe_security_groups(Filters=[{"Name": "group-id", "Values": [web]}])["SecurityGroups"]
    holds("A18: a filter finds nothing", empty, [])


main()
