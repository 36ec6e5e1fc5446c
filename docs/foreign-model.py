"""Security groups as I understand them. One thing in here is wrong: sglab finds out which."""
import ipaddress, json, sys

cloud = {}

def interface_at(address):
    return next((eni for eni in cloud["networkInterfaces"].values()
                 if address in eni["privateIpAddresses"] or address == eni["publicIp"]), None)

def host_at(address):
    eni = interface_at(address)
    hosts = cloud["externalHosts"].values()
    return cloud["instances"][eni["instanceId"]] if eni else next(h for h in hosts if address in h["addresses"])

def matches(rule, direction, peer, protocol, port):
    if rule["direction"] != direction or rule["protocol"] not in ("-1", protocol):
        return False
    if rule["protocol"] in ("tcp", "udp") and not rule["fromPort"] <= port <= rule["toPort"]:
        return False
    if rule["peer"]["type"] == "group":
        eni = interface_at(peer)
        return eni is not None and rule["peer"]["groupId"] in eni["groupIds"]
    return ipaddress.ip_address(peer) in ipaddress.ip_network(rule["peer"]["cidr"])

def allows(address, *packet):
    eni = interface_at(address)
    groups = [cloud["securityGroups"][group] for group in eni["groupIds"]] if eni else []
    return eni is None or any(matches(rule, *packet) for group in groups for rule in group["rules"])

def answer(q):
    here, there, protocol, port = q["source"], q["destination"], q["protocol"], q["port"]
    for inside, outside in (here, there), (there, here):  # an internet gateway needs a public address
        if interface_at(outside) is None and not interface_at(inside)["publicIp"]:
            return {"outcome": "timed-out"}
    if not allows(here, "egress", there, protocol, port):
        return {"outcome": "timed-out", "stage": "sg-egress", "leg": "request"}
    if not allows(there, "ingress", here, protocol, port):
        return {"outcome": "timed-out", "stage": "sg-ingress", "leg": "request"}
    if not allows(there, "egress", here, protocol, 49152):  # the way back, to the client's port
        return {"outcome": "timed-out", "stage": "sg-egress", "leg": "reply"}
    is_served = protocol == "icmp" or {"protocol": protocol, "port": port} in host_at(there)["listen"]
    return {"outcome": "connected" if is_served else "refused"}

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "cloud":
        cloud = message["cloud"]
    elif message["type"] == "probe":
        print(json.dumps({"id": message["id"], **answer(message)}), flush=True)
