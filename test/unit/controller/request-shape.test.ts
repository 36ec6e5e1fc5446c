import { expect, it } from 'vitest';
import { readRequest } from '../../../src/controller/request-shape.js';

it.each<[string, string, RegExp]>([
  ['/status', 'nonsense', /^the request is not JSON$/],
  ['/status', 'null', /^the request of the call status has another shape/],
  ['/fly', '{}', /^the controller knows no call "fly"$/],
  ['/constructor', '{}', /knows no call/],
  ['/\u001b[2J', '{}', /knows no call "\\u001b\[2J"$/],
  ['/probe', '{}', /^"probe" of the call probe has another shape/],
  ['/probe', '{"probe":{"from":1}}', /^"probe.from" of the call probe/],
  [
    '/probe',
    '{"probe":{"from":"a","to":"b","protocol":"tcp","port":65536,"icmpType":null,"icmpCode":null,"family":null}}',
    /^"probe.port" of the call probe/,
  ],
  ['/explain', '{"probe":"a -> b tcp/1"}', /^"probe" of the call explain/],
  ['/matrix', '{}', /^"machines" of the call matrix/],
  ['/mutate', '{"mutation":{"type":"toString"}}', /^"mutation.type" of the call mutate/],
  ['/describeRules', '{"ids":[1]}', /^"ids.0" of the call describeRules/],
  ['/advance', '{"seconds":-1}', /^"seconds" of the call advance/],
  ['/grade', '{"goals":[null]}', /^"goals.0" of the call grade/],
  ['/grade', '{"goals":[{"goal":"","steps":[{"type":"probe","name":""}]}]}', /^"goals.0.steps.0.probe" of the call/],
  ['/mutate', '{"mutation":{"type":"authorize"}}', /^"mutation.group" of the call mutate/],
  ['/dryRun', '{"mutation":{"type":"terminate","machine":["web"]}}', /^"mutation.machine" of the call dryRun/],
])('%s %s is an error with a remedy', (url, body, message) => {
  expect(() => readRequest(url, body)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/^commands and controller must be of one version/),
    }),
  );
});
