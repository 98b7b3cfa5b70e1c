import {inspect} from 'node:util';
import should from 'should';
import {leaksIn, randomDigits, randomWord} from './secrets';

const secret = {name: 'password', value: `ä "${randomWord()}" \\/+%&'`};
const number = {name: 'number', value: randomDigits(12)};

describe('The search for secrets', () => {
	const plants: Readonly<Record<string, (value: string) => string>> = {
		'in plain text': (value) => value,
		'in an error': (value) => inspect(new Error(`failed for ${value}`)),
		'in base64': (value) => Buffer.from(value).toString('base64'),
		'in base64url': (value) => Buffer.from(value).toString('base64url'),
		'in an Authorization header': (value) => `Basic ${Buffer.from(`99999:${value}`).toString('base64')}`,
		'inside a longer base64 text': (value) =>
			Buffer.from(`{"customer":"1","password":"${value}","x":"yyyyyyyyyy"}`).toString('base64'),
		'in base64 at an odd offset': (value) => Buffer.from(`1${value}1`).toString('base64'),
		'in a URL': (value) => `https://h/?password=${encodeURIComponent(value)}`,
		'in a form': (value) => new URLSearchParams({password: value}).toString(),
		'in JSON': (value) => JSON.stringify({deep: {password: value}}),
		'in JSON within JSON': (value) => JSON.stringify(JSON.stringify({password: value})),
		'in the output of inspect': (value) => inspect({deep: {password: value}}, {depth: Infinity}),
		'in hex': (value) => Buffer.from(`x${value}y`).toString('hex'),
		'in upper-case hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
		'decoded with the wrong charset': (value) => Buffer.from(value).toString('latin1'),
	};
	for (const [name, plant] of Object.entries(plants)) {
		it(`finds a secret ${name}`, () => {
			for (const one of [secret, number]) {
				const leaks = leaksIn({log: `before ${plant(one.value)} after`, file: 'nothing'}, [secret, number]);
				should(leaks.length).be.above(0);
				should(leaks.every((leak) => leak.startsWith(`${one.name}, `) && leak.includes('in log'))).be.true();
			}
		});
	}

	it('finds nothing where there is no secret', () => {
		should(
			leaksIn({log: `${randomWord()} ${Buffer.from(randomWord(100)).toString('base64')}`}, [secret, number]),
		).be.empty();
	});
});
