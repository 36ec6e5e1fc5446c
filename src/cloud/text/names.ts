import { CloudError } from '../errors.js';
import { printable, quote } from './quote.js';

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** A destination that has no machine: packets to nobody's address go there. */
const RESERVED = 'internet';

/** Names become parts of namespaces, paths and nft objects: nothing that any of these could read as syntax. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Throws unless the text can name a lab, VPC, subnet, instance or external host. */
export function checkName(kind: string, text: string): void {
  if (isName(text)) return;
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(text)} cannot be the name of ${kind}`,
    'Use up to 40 lower-case letters, digits and hyphens; begin with a letter, end with a letter or digit.',
  );
}

/** Whether the text can name an instance or external host. */
export function isMachineName(text: string): boolean {
  return isName(text) && text !== RESERVED;
}

/** Instances and external hosts are what a probe names. */
export function checkMachineName(kind: string, text: string): void {
  checkName(kind, text);
  if (text === RESERVED) {
    throw new CloudError('InvalidParameterValue', `${quote(text)} is a reserved word`, `Give ${kind} another name.`);
  }
}

const AWS_CHARACTERS = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
const AWS_TEXT = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/;
const AWS_MAX_LENGTH = 255;

/**
 * Names and descriptions of groups and rules. AWS's text for descriptions, with its two blanks; `rule` or
 * `security group` says whose.
 */
export function checkDescription(whose: 'rule' | 'security group', text: string): void {
  if (isAwsText(text)) return;
  throw invalidText(`${whose} description`, 'descriptions', `It is ${quote(text)}.`);
}

/** The name as it is stored: trailing spaces gone (A4). Throws for `sg-…`, `default`, an empty or a foreign text. */
export function checkGroupName(text: string): string {
  const name = text.replace(/ +$/, '');
  if (name === '') {
    throw new CloudError(
      'MissingParameter',
      'The request must contain the parameter GroupName',
      'Give the group a name.',
    );
  }
  if (!isAwsText(name)) throw invalidText('security group name', 'names', `It is ${quote(text)}.`);
  if (/^sg-/i.test(name)) {
    throw new CloudError(
      'InvalidParameterValue',
      `Value (${printable(name)}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
      'Leave the prefix out: ids begin with sg-, names do not.',
    );
  }
  if (name.toLowerCase() === 'default') {
    throw new CloudError(
      'InvalidGroup.Reserved',
      'Cannot use reserved security group name: default',
      'Every VPC has its default group already.',
    );
  }
  return name;
}

/** Any text of AWS's characters; `com.amazonaws…` are AWS's own lists. */
export function checkPrefixListName(text: string): void {
  if (text !== '' && isAwsText(text) && !/^com\.amazonaws/i.test(text)) return;
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(text)} cannot be the name of a prefix list`,
    'Use up to 255 letters, digits, spaces or ._-:/()#,@[]+=&;{}!$*; it must not begin with com.amazonaws.',
  );
}

function isAwsText(text: string): boolean {
  return text.length <= AWS_MAX_LENGTH && AWS_TEXT.test(text);
}

function invalidText(what: string, plural: string, hint: string): CloudError {
  return new CloudError(
    'InvalidParameterValue',
    `Invalid ${what}. Valid ${plural} are strings less than 256 characters from the following set:  ${AWS_CHARACTERS}`,
    hint,
  );
}
