import fc from 'fast-check';
import should from 'should';
import {runFuzz} from './campaign';
import {hold, holdPrototypes, unlessTyped} from './claims';
import {slowSubject, subject} from './subject';

const hasNoX = (text: string): void => {
	hold(!text.includes('x'), () => `${text} has an x`);
};

describe('What judges drawn inputs', () => {
	const claims = {'is a text': () => undefined, 'has no x': hasNoX};
	const letters = fc.string({unit: fc.constantFrom('a', 'x'), maxLength: 9});

	it('finds the claim that does not hold, makes the input small, and shows it again', async () => {
		const texts = subject('A text', 'others', letters, claims);
		const finding = await texts.check({runs: 100, seed: 5});
		should(finding?.sentence).equal('has no x');
		should(finding?.text).match(/input \["x"\]/);
		const [, path = ''] = /FUZZ="A text\/5\/([\d:]+)"/.exec(finding?.text ?? '') ?? [];
		should((await texts.check({runs: 100, seed: 5, path}))?.text).match(/input \["x"\]/);
	});

	it('finds it in what takes turns, too', async () => {
		const slow = slowSubject('A text', 'others', letters, {
			async 'has no x'(text) {
				await Promise.resolve();
				hasNoX(text);
			},
		});
		should((await slow.check({runs: 100, seed: 5}))?.text).match(/has no x[^]*input \["x"\]/);
	});

	it('tries the examples first', async () => {
		const finding = await subject('A text', 'others', fc.constant('a'), claims, ['a', 'axa']).check({runs: 2, seed: 5});
		should(finding?.text).match(/input \["axa"\]/);
	});

	it('finds nothing where every claim holds', async () => {
		should(await subject('A text', 'others', fc.constant('a'), claims).check({runs: 100, seed: 5})).be.undefined();
	});

	it('takes no error but the typed ones', () => {
		should(() => {
			unlessTyped(() => {
				throw new TypeError('untyped');
			});
		}).throw('untyped');
	});

	for (const target of [Object.prototype, Array.prototype]) {
		it(`notices what is added to and changed of a prototype (${target === Object.prototype ? 'object' : 'array'})`, () => {
			holdPrototypes();
			const before: unknown = Reflect.get(target, 'toString');
			try {
				Object.defineProperty(target, 'polluted', {value: 1, configurable: true});
				should(holdPrototypes).throw(/polluted/);
				Reflect.deleteProperty(target, 'polluted');
				Reflect.set(target, 'toString', () => 'polluted');
				should(holdPrototypes).throw('toString was changed');
			} finally {
				Reflect.deleteProperty(target, 'polluted');
				Reflect.set(target, 'toString', before);
			}

			holdPrototypes();
		});
	}
});

describe('The campaign of drawn inputs', () => {
	it('counts what it draws, and has nothing to say', async () => {
		const {figures, problems} = await runFuzz({count: 100, seed: 3});
		should(problems).be.empty();
		should(figures).have.properties({fuzzedBodies: 100, fuzzedNames: 40});
		should(figures.fuzzedOthers).be.above(9);
	});
});
