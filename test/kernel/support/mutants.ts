/** Requests that are nearly right: JSON that was changed here and there, and text in which bytes were. */
import fc from 'fast-check';

type Json = unknown;

/** What a program does not expect. */
const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, [], {}, [[[[[]]]]], [null], { a: { b: { c: {} } } }],
  ...[
    '',
    ' ',
    '0',
    '-1',
    '*',
    '../../../etc/passwd',
    '$(reboot)',
    '"; flush ruleset; #',
    '-n -v',
    'a\nb',
    '\0',
    '\x1b[2J',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '😀', '\u202e', '\ud800', 'x'.repeat(5000)],
  ...['0.0.0.0/0', '::/0', '10.0.0.0/33', 'tcp/65536', 'i-0', 'web', 'v', 's', '-1', 'all'],
];
const KEYS = ['__proto__', 'constructor', 'length', 'toString', '', '0', 'id', 'type', 'name'] as const;

export function hostileValue(): fc.Arbitrary<Json> {
  return fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 3 }));
}

const HOW = ['replace', 'remove', 'add', 'wrap', 'repeat'] as const;
const edit = fc.record({
  at: fc.nat(),
  how: fc.constantFrom(...HOW),
  value: hostileValue(),
  key: fc.constantFrom(...KEYS),
});
type Edit = Readonly<{ at: number; how: (typeof HOW)[number]; value: Json; key: string }>;

/** A document with some of its parts changed; also one that was left as it is. */
export function mutated(base: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const edits = fc.array(edit, { maxLength: 3 });
  return fc.tuple(base, edits).map(([document, all]) => all.reduce(apply, structuredClone(document)));
}

function apply(document: Json, { at, how, value, key }: Edit): Json {
  const root = { document };
  const places = placesOf(root);
  const own = structuredClone(value);
  const place = places[at % places.length];
  if (place === undefined) return document;
  const { parent, name } = place;
  const old = parent[name];
  if (how === 'replace') parent[name] = own;
  else if (how === 'wrap') parent[name] = [old];
  else if (how === 'repeat') parent[name] = Array.isArray(old) ? [...old, ...old] : [old, old];
  else if (how === 'remove' && parent !== root) delete parent[name];
  else if (Array.isArray(old)) old.push(own);
  else if (typeof old === 'object' && old !== null) {
    // By assignment, __proto__ would be no member.
    Object.defineProperty(old, key, { value: own, enumerable: true, configurable: true, writable: true });
  }
  return root.document;
}

interface Place {
  readonly parent: Record<string, Json>;
  readonly name: string;
}

function placesOf(parent: object): Place[] {
  return Object.entries(parent).flatMap(([name, child]) => [
    { parent: parent as Record<string, Json>, name },
    ...(typeof child === 'object' && child !== null ? placesOf(child) : []),
  ]);
}

const byteEdit = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('flip', 'insert', 'remove', 'cut', 'double'),
  byte: fc.integer({ min: 0, max: 255 }),
});

/** The text, one time in four with some bytes changed. */
export function mutatedBytes(base: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const edits = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(byteEdit, { minLength: 1, maxLength: 4 }) },
  );
  return fc.tuple(base, edits).map(([text, all]) =>
    all.reduce((bytes, { at, how, byte }) => {
      const place = at % (bytes.length + 1);
      const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
      if (how === 'cut') return before;
      if (how === 'double') return Buffer.concat([bytes, after]);
      if (how === 'remove') return Buffer.concat([before, after.subarray(1)]);
      return Buffer.concat([before, Buffer.of(byte), how === 'flip' ? after.subarray(1) : after]);
    }, Buffer.from(text)),
  );
}
