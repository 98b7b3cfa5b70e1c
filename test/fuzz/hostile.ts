/** Words that have broken programs before, and words drawn at random. */
import fc from 'fast-check';

export const hostileStrings: readonly string[] = [
	'', ' ', '.', '..', '...', '. ', '/', '\\', '//', '\\\\', '../', '..\\', './', '%', '%%', '%2', '%2e', '%2E%2e', '%2f', '%5c', '%00', '%0d%0a', '%zz', '%u002e', '%c0%ae', '%252e%252e%252f',
	'\0', '\n', '\r\n', '\t', '\u007F', '\u0085', '\u00A0', '\u2028', '\uFEFF', '\uFFFD', '\uD800', '\uDC00', 'a\uD800b', '\uD83D\uDE00', '\u202Efdp.exe', '\uFF0E\uFF0E\uFF0F', '\u2024\u2024', '\u2215', '\u29F5',
	'CON', 'nul', 'aux.pdf', 'COM1.tiff', 'LPT9', 'con .pdf', 'CONIN$', 'a.', 'a ', 'a:b', 'a.pdf:stream', 'a?b', 'a*b', 'a|b', '<a>', '"', '\'', '`', '$(id)', '${HOME}', '$1', '~', '~root', '-rf', '@', '#', '&', '=', '+', ';', ',',
	'a,b', 'a%2Cb', 'K34A3QX3@J78AO6W.glaqsmucre101.QA1', 'K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf', 'a.pdf', 'A.PDF', 'a-2.pdf', 'a.tiff', '0', '1', '-1', '1e3', 'NaN', 'null', 'undefined', 'true',
	'__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then', 'length', 'should',
	'\u0130', 'i\u0307', '\u212A.pdf', 'k.pdf', '\u017F', '\u1E9E', '\u00DF', '\uFB01', 'e\u0301', '\u00E9',
	'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(257), 'ü'.repeat(300), `${'x'.repeat(300)}.pdf`, `a.${'x'.repeat(300)}`, 'x'.repeat(513), ' '.repeat(400), '.'.repeat(400),
];

/** Mostly short; every code unit may occur. */
export const anyString: fc.Arbitrary<string> = fc.oneof(
	{weight: 5, arbitrary: fc.constantFrom(...hostileStrings)},
	{weight: 2, arbitrary: fc.string({maxLength: 12})},
	{weight: 2, arbitrary: fc.array(fc.nat(0xFFFF), {maxLength: 8}).map(units => String.fromCharCode(...units))},
	{weight: 3, arbitrary: fc.array(fc.constantFrom(...hostileStrings), {minLength: 2, maxLength: 4}).map(parts => parts.join('').slice(0, 1200))},
);

/** Whatever a flow may put into a message: things that JSON knows, and things that it does not. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
	{weight: 4, arbitrary: anyString},
	{weight: 4, arbitrary: fc.constantFrom<unknown>(
		undefined, null, true, false, 0, -0, 1, -1, 2, 199, 200, 204, 299, 300, 404, 1.5, 2 ** 53, Number.NaN, Infinity, -Infinity, 10n, 200n, Symbol('drawn'), () => 0,
	)},
	{weight: 2, arbitrary: fc.constantFrom<() => unknown>(
		() => ({}), () => [], () => Object.create(null) as unknown, () => new Date(Number.NaN), () => Buffer.from('fax'), () => new Map([['id', 'a']]), () => new Error('drawn'),
		() => Object.assign(Object.create(null) as object, {id: 'a', code: '0'}), () => new String('200'), () => new Number(200), () => [200], () => ['a', 'b'], () => Array<unknown>(2), () => /a/g,
		() => ({valueOf: 1, toString: 1}), () => ({toString() {
			throw new Error('drawn');
		}}), () => ({message: Symbol('drawn')}), () => Object.freeze({id: 'a', topic: 't', account: 'c'}),
		() => JSON.parse('{"__proto__": {"id": "a", "topic": "t", "account": "c"}}') as unknown,
	).map(make => make())},
	{weight: 1, arbitrary: fc.dictionary(anyString, fc.oneof(anyString, fc.integer()), {maxKeys: 4})},
	{weight: 1, arbitrary: fc.array(fc.oneof(anyString, fc.integer(), fc.constant({})), {maxLength: 4})},
);
