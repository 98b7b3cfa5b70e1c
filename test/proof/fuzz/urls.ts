/** Addresses of documents that lead elsewhere, or would if they were followed. */
import fc from 'fast-check';
import {anyString} from './hostile';

const schemes: readonly string[] = [
	'',
	'http://',
	'https://',
	'HTTP://',
	'//',
	'///',
	'\\\\',
	'\\/',
	'/\\',
	'http:',
	'http:/',
	'http:\\\\',
	'file:///',
	'file:',
	'javascript:',
	'data:application/pdf,',
	'ftp://',
	'ws://',
	'blob:http://',
	'gopher://',
	'unix:',
	'ht\ntp://',
	'\thttp://',
	' http://',
	'http\t://',
	'http://\u0000',
	'view-source:http://',
	'jar:http://',
];

/** `{evil}` becomes a host and port where somebody listens. */
const hosts: readonly string[] = [
	'',
	'{evil}',
	'{evil}.',
	'user:pw@{evil}',
	'configured@{evil}',
	'{evil}#@configured',
	'{evil}?@configured',
	'{evil}\\@configured',
	'configured:80@{evil}',
	'169.254.169.254',
	'[::1]',
	'[::ffff:127.0.0.1]',
	'127.1',
	'2130706433',
	'0x7f000001',
	'0177.0.0.1',
	'localhost',
	'evil.invalid',
	'EVIL.INVALID.',
	'xn--retrus-cua.com',
	'ret\u0430rus.com',
	'\u24C4vil.invalid',
	'evil\u3002invalid',
	'evil.invalid:65536',
	'evil.invalid:0',
	'{evil}%2f',
	'%65vil.invalid',
	'[',
	'*',
];

const pieces: readonly string[] = [
	'/',
	'\\',
	'/files/',
	'/../',
	'/..',
	'/.',
	'..',
	'..\\',
	'../../topics/demo',
	'%2e%2e/',
	'%2e%2e%2f',
	'..%2f',
	'..%5c',
	'..%252f',
	'%c0%ae%c0%ae/',
	'/./',
	';/',
	';jsessionid=1',
	'?',
	'?x=/a',
	'#',
	'#/a',
	'%23',
	'%3f',
	'%00',
	'%0d%0aHost:%20evil',
	'\r\nX: y',
	'\n',
	'\t',
	' ',
	'\u2044',
	'\u2215',
	'\uFF0F',
	'\uFF0E\uFF0E\uFF0F',
	'\u2024',
	'%E2%81%84',
	'a.pdf',
	'K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf',
	'A.PDF',
	'@',
	':',
	':80',
	'://',
	'{evil}',
	'//{evil}/a.pdf',
	'?ids=a&fetch=1',
	'/topics/demo?fetch=1',
	'%',
	'%zz',
	'%2',
	'+',
	'&',
	'=',
	'\uD800',
	'x'.repeat(500),
];

const piece: fc.Arbitrary<string> = fc.oneof(
	{weight: 4, arbitrary: fc.constantFrom(...pieces)},
	{weight: 1, arbitrary: anyString},
);

export const url: fc.Arbitrary<string> = fc
	.tuple(fc.constantFrom(...schemes), fc.constantFrom(...hosts), fc.array(piece, {maxLength: 5}))
	.map(([scheme, host, path]) => `${scheme}${host}${path.join('')}`);

/** Always so many that all differ, for a seed. `evil` is where they lead. */
export const hostileUrls = (seed: number, count: number, evil: string): readonly string[] => {
	const drawn = new Set<string>();
	for (let round = 0; drawn.size < count; round += 1) {
		for (const one of fc.sample(url, {seed: seed + round, numRuns: count})) {
			drawn.add(one.replaceAll('{evil}', evil));
		}
	}

	return [...drawn].slice(0, count);
};
