import { Ec2Error } from './ec2-error.js';

/** Throws Ec2Error for a parameter that the lab has no meaning for; one that says no is no request for it. */
export function refuseParameters(request: object, names: readonly string[]): void {
  const given = new Map<string, unknown>(Object.entries(request));
  const name = names.find((each) => given.get(each) !== undefined && given.get(each) !== false);
  if (name !== undefined) throw unsupported(`the parameter ${name}`);
}

export function unsupported(what: string): Ec2Error {
  return new Ec2Error('UnsupportedOperation', `sglab does not support ${what}`);
}
