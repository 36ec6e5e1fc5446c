/** `application/x-www-form-urlencoded`, strictly: what is not well-formed is refused, never guessed. */
import { Ec2Error } from './ec2-error.js';

/** XML 1.0 has no way to write these, so an answer could not repeat them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * @param form of a body or a query; both `+` and `%20` are a blank
 * @throws Ec2Error `MalformedQueryString` for bad escapes or bad UTF-8, `InvalidParameterValue` for control characters
 */
export function parseForm(form: Uint8Array): URLSearchParams {
  const fields = decodeUtf8(form)
    .split('&')
    .filter((field) => field !== '')
    .map((field): [string, string] => {
      const at = field.indexOf('=');
      return at < 0 ? [decode(field), ''] : [decode(field.slice(0, at)), decode(field.slice(at + 1))];
    });
  return new URLSearchParams(fields);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('the parameters are not UTF-8');
  }
}

function decode(word: string): string {
  const text = unescapeWord(word.replaceAll('+', ' '));
  if (NOT_IN_XML.test(text)) {
    throw new Ec2Error('InvalidParameterValue', 'A parameter has control characters, which are not allowed.');
  }
  return text;
}

function unescapeWord(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    throw malformed('an escape is no two hexadecimal digits, or what is escaped is not UTF-8');
  }
}

function malformed(reason: string): Ec2Error {
  return new Ec2Error('MalformedQueryString', `The query string contains a syntax error: ${reason}.`);
}
