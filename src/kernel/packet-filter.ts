/** libpcap's filter language without a capture: checks an expression, and matches frames. */
import koffi from 'koffi';
import { SglabError } from '../errors.js';

const DLT_EN10MB = 1;
const SNAPLEN = 65_535;
const OPTIMIZE = 1;
const NETMASK_UNKNOWN = 0xffff_ffff;

/** struct bpf_program: a length and a pointer. struct pcap_pkthdr: a time of 16 bytes, two lengths. */
const PROGRAM_SIZE = 16;
const HEADER_SIZE = 24;

/**
 * @returns a function that tests a frame (from the Ethernet header on; `length` bytes on the link)
 * @throws SglabError `BadFilter`
 */
export function compileFilter(expression: string): (frame: Buffer, length: number) => boolean {
  if (expression.trim() === '') return () => true;
  const libpcap = loadLibpcap();
  const handle: unknown = libpcap.openDead(DLT_EN10MB, SNAPLEN);
  const program = Buffer.alloc(PROGRAM_SIZE);
  if (libpcap.compile(handle, program, expression, OPTIMIZE, NETMASK_UNKNOWN) !== 0) {
    const reason = String(libpcap.getError(handle));
    throw new SglabError('BadFilter', `${JSON.stringify(expression)} is no filter: ${reason}`, {
      hint: 'it is written as for tcpdump (man pcap-filter): --filter "tcp port 443 and host 10.0.1.4"',
    });
  }
  return (frame, length) => {
    const header = Buffer.alloc(HEADER_SIZE);
    header.writeUInt32LE(frame.length, 16);
    header.writeUInt32LE(length, 20);
    return libpcap.matches(program, header, frame) !== 0;
  };
}

function loadLibpcap() {
  const library = koffi.load('libpcap.so.0.8');
  return {
    openDead: library.func('void *pcap_open_dead(int linktype, int snaplen)'),
    compile: library.func(
      'int pcap_compile(void *handle, _Inout_ uint8_t *program, const char *expression, int optimize, uint32_t netmask)',
    ),
    getError: library.func('const char *pcap_geterr(void *handle)'),
    matches: library.func('int pcap_offline_filter(_In_ uint8_t *program, _In_ uint8_t *header, _In_ uint8_t *packet)'),
  };
}
