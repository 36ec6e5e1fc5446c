/**
 * Texts of a file with a form of their own. The patterns are for editors that check a file by its JSON Schema, and refuse
 * nothing that sglab reads; what sglab itself says of a wrong one is more than "does not match".
 */
import { z } from 'zod';

/** `{n}`, `{n+9}`: the number of a thing that `count` makes. */
const NUMBER = '\\{n(\\+\\d{1,5})?\\}';
const OCTET = `(25[0-5]|2[0-4]\\d|1\\d\\d|\\d?\\d|\\d*${NUMBER}\\d*)`;
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const IPV6 = `[0-9a-fA-F]*:[0-9a-fA-F:.]*(${NUMBER})?`;
const CIDR = `${IPV4}/(\\d|[12]\\d|3[0-2])|${IPV6}/(\\d\\d?|1[01]\\d|12[0-8])`;
const PORT = '(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|\\d{1,4})';
/** Of a set of ports. */
const SET = '[a-z][a-z0-9-]*';
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|\\d?\\d)';
const ICMP = `[iI][cC][mM][pP]([vV]6)?(/${BYTE}(/${BYTE})?)?`;
const TRAFFIC = `(([tT][cC][pP]|[uU][dD][pP])/(${PORT}|${SET})|${ICMP}|(proto/)?${BYTE})`;
/** In a list, what follows a port is of the same protocol. */
const TRAFFIC_LIST = `${TRAFFIC}(\\s*,\\s*(${TRAFFIC}|${PORT}|${SET}))*`;
const ENDS = '[^\\s,]+(\\s*,\\s*[^\\s,]+)*';

function text(pattern: string) {
  return z.string().meta({ pattern: `^(${pattern})$` });
}

/** The name of a lab, VPC, subnet, machine: it becomes part of other names. */
export const nameText = text('[a-z]([a-z0-9-]{0,38}[a-z0-9])?');
export const addressText = text(`${IPV4}|${IPV6}`);
export const ipv4Text = text(IPV4);
export const cidrText = text(CIDR);
/** A block, or the name or id of a group or prefix list. */
export const peerText = text(`${CIDR}|(?!\\d+(\\.\\d+){3}(/|$)|[0-9a-fA-F:]*::).+`);
export const protocolText = text(`[tT][cC][pP]|[uU][dD][pP]|[iI][cC][mM][pP]([vV]6)?|[aA][lL][lL]|-1|${BYTE}`);
export const portsText = text(`[aA][lL][lL]|-1|${PORT}(-${PORT})?|${SET}`);
export const listenText = text(`([tT][cC][pP]|[uU][dD][pP])/(${PORT}|${SET})|(proto/)?${BYTE}`);
export const probeText = text(`\\s*[^\\s,]+\\s*->\\s*[^\\s,]+\\s+${TRAFFIC}\\s*`);
export const probesText = text(`\\s*${ENDS}\\s*->\\s*${ENDS}\\s+${TRAFFIC_LIST}\\s*`);
export const trafficText = text(TRAFFIC_LIST);
/** Real time. */
export const durationText = text('\\d{1,6}(ms|s|m)');
/** Idle time. */
export const longDurationText = text('\\d{1,6}[smhd]');

export const portNumber = z.int().meta({ minimum: -1, maximum: 65535 });
/** Of a protocol. */
export const protocolNumber = z.int().meta({ minimum: -1, maximum: 255 });
