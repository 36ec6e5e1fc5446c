/** Command lines in lessons and submissions are those of the command line itself. */
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/changes/command-line.js';
import { commandFor } from '../../../src/changes/command-text.js';
import { parseChange } from '../../../src/scenario/parse-change.js';

const parse = (line: string) => parseCommandLine(line, parseChange);

describe('a command line', () => {
  it.each([
    ['authorize db tcp/3306 from web', 'sudo sglab authorize db tcp/3306 from web'],
    ['sudo sglab revoke db tcp/3306 from 10.0.0.0/16 --lab learn', 'sudo sglab revoke db tcp/3306 from 10.0.0.0/16'],
    ['  sudo scripts/sglab authorize web all to 0.0.0.0/0  ', 'sudo sglab authorize web all to 0.0.0.0/0'],
    [
      'modify web "SSH from the office" tcp/22 from 198.51.100.11/32',
      "sudo sglab change 'modify: { group: web, rule: SSH from the office, to: { protocol: tcp, ports: 22, from: 198.51.100.11/32 } }'",
    ],
    ['attach web-1 admin', 'sudo sglab attach web-1 admin'],
    [`change 'listen: { on: web-1, ports: tcp/443 }'`, `sudo sglab change 'listen: { on: web-1, ports: tcp/443 }'`],
  ])('%s', (line, command) => {
    const mutation = parse(line);
    expect(commandFor(mutation, null)).toBe(command);
    expect(parse(command)).toEqual(mutation);
  });

  it.each([
    ['rm -rf /', /is not a command that changes a lab/],
    ['autorize db tcp/1 from web', /is not a command/],
    ['sudo sglab', /is not a command/],
    ['', /is not a command/],
    ['authorize db', /is not complete/],
    ['authorize db nonsense', /is not a rule/],
    [`modify web "SSH`, /is not closed/],
    ['authorize db tcp/$PORT from web', /"\$PORT" is not a port/],
    ['authorize db tcp/1 from web; reboot', /has no ;/],
  ])('%j is refused', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it('tells the nearest word', () => {
    expect(() => parse('autorize db tcp/1 from web')).toThrow(
      expect.objectContaining({ hint: 'did you mean "authorize"?' }),
    );
  });
});
