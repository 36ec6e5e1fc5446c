/** Availability zones. Every Region of a lab has three; no packet knows them. */
import { CloudError } from '../errors.js';
import { printable } from '../text/quote.js';

export interface Zone {
  /** `us-east-1a` */
  readonly name: string;
  /** `use1-az1`: the same place for every account. */
  readonly id: string;
}

const LETTERS = ['a', 'b', 'c'] as const;

export function zonesOf(region: string): Zone[] {
  return LETTERS.map((letter, at) => ({ name: `${region}${letter}`, id: `${shortName(region)}-az${at + 1}` }));
}

export function firstZone(region: string): string {
  return `${region}${LETTERS[0]}`;
}

/** @param word a zone's name or id. Throws CloudError for one that the Region does not have. */
export function checkZone(region: string, word: string): string {
  const zones = zonesOf(region);
  const found = zones.find(({ name, id }) => name === word || id === word);
  if (found !== undefined) return found.name;
  throw new CloudError(
    'InvalidParameterValue',
    `Value (${printable(word)}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.map(({ name }) => name).join(', ')}.`,
  );
}

/** `us-east-1` is `use1`, `ap-southeast-2` is `apse2`. */
function shortName(region: string): string {
  const [area = '', ...rest] = region.split('-');
  const number = rest.pop() ?? '';
  const directions = rest.flatMap((word) => word.match(/north|south|east|west|central/g) ?? [word]);
  return area + directions.map((word) => word.charAt(0)).join('') + number;
}
