import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { formatFiles, formatSequence, formatTable } from '../../trace/format.js';
import { markEntries } from '../../trace/instrument.js';
import { traceOf } from '../../trace/trace.js';

describe('traceOf', () => {
  it('counts entries in a row in one file as one visit, and visits to a known file as returns', () => {
    const { visits, files, returns } = traceOf(['a', 'a', 'b', 'a', 'c', 'c', 'c', 'b', 'a', 'a']);
    expect(visits).toEqual(['a', 'b', 'a', 'c', 'b', 'a']);
    expect([...files]).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ]);
    expect(returns).toBe(3);
  });

  it('finds nothing where nothing was entered', () => {
    expect(traceOf([])).toEqual({ visits: [], files: new Map(), returns: 0 });
  });
});

describe('markEntries', () => {
  /** @returns the value of the code's last expression, and a mark for each function that was entered until then */
  function run(code: string): { value: unknown; marks: string } {
    let marks = '';
    const mark = () => {
      marks += '!';
    };
    return { value: runInNewContext(markEntries(code, 'mark()'), { mark }), marks };
  }

  it.each([
    ['a declaration', 'function f() { return 1; } f()', 1, '!'],
    ['a function expression', '(function () { return 1; })()', 1, '!'],
    ['an arrow with a body', '(() => { return 1; })()', 1, '!'],
    ['an arrow with an expression', '(() => 1)()', 1, '!'],
    ['an arrow with a conditional expression', '((a) => a ? 1 : 2)(0)', 2, '!'],
    ['an arrow that gives an object', '(() => ({ a: 1 }))().a', 1, '!'],
    ['an arrow in an arrow', '((a) => (b) => a + b)(1)(2)', 3, '!!'],
    ['callbacks', '[1, 2, 3].map((a) => a * 2).length', 3, '!!!'],
    ['a method', 'class A { m() { return 1; } } new A().m()', 1, '!'],
    ['a private method', 'class A { #m() { return 1; } m() { return this.#m(); } } new A().m()', 1, '!!'],
    ['a getter', '({ get a() { return 1; } }).a', 1, '!'],
    ['a setter', 'const o = { set a(b) { this.b = b; } }; o.a = 1; o.b', 1, '!'],
    [
      'constructors',
      'class A { constructor() { this.a = 1; } } class B extends A { constructor() { super(); } } new B().a',
      1,
      '!!',
    ],
    ['no constructor', 'class A { a = 1 } new A().a', 1, ''],
    ['a default for an argument', '((a = () => 1) => a())()', 1, '!!'],
    ['a text beyond ASCII before it', "const arrow = '→ 🜂'; (() => arrow)()", '→ 🜂', '!'],
  ])('marks %s', (_, code, value, marks) => {
    expect(run(code)).toEqual({ value, marks });
  });
});

describe('as text', () => {
  const traced = [
    { command: 'probe', trace: traceOf(['a.ts', 'b.ts', 'a.ts']) },
    { command: 'authorize x', trace: traceOf(['a.ts']) },
  ];

  it('a table has a line for each command', () => {
    expect(formatTable(traced)).toBe(
      [
        'command        files   visits  returns',
        'probe              2        3        1',
        'authorize x        1        1        0',
        '',
      ].join('\n'),
    );
  });

  it('files and visits stand in their order', () => {
    expect(traced.slice(0, 1).map(formatFiles)).toEqual(['\nprobe\n     2  a.ts\n     1  b.ts\n']);
    expect(traced.slice(0, 1).map(formatSequence)).toEqual(['\nprobe\n+ a.ts\n+ b.ts\n  a.ts\n']);
  });
});
