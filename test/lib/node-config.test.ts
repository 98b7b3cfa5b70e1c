import {inspect} from 'node:util';
import should from 'should';
import {
	baseUrlProblem,
	choiceProblem,
	flagProblem,
	isFaxId,
	isTopic,
	isVariable,
	numberProblem,
	pollIntervalProblem,
	regionProblem,
	toFlag,
	toNumber,
	topicProblem,
	variableProblem,
} from '../../lib/config-checks';
import {ranges, regions, type NumberProperty} from '../../lib/node-config';

const numbers = Object.keys(ranges) as NumberProperty[];

describe('A number', () => {
	for (const property of numbers) {
		const {min, max, default: usual} = ranges[property];

		it(`may be ${min} to ${max} for ${property}, as a number or as text`, () => {
			for (const number of [min, max, usual]) {
				should(toNumber(property, number)).equal(number);
				should(toNumber(property, String(number))).equal(number);
				should(toNumber(property, ` ${number} `)).equal(number);
				should(numberProblem(property, number)).be.undefined();
			}
		});

		it(`falls back to the default of ${property} when blank`, () => {
			for (const blank of ['', '  ', undefined, null]) {
				should(toNumber(property, blank)).equal(usual);
				should(numberProblem(property, blank)).be.undefined();
			}
		});

		it(`is refused for ${property} when it is anything else, with the range allowed`, () => {
			const others = [
				min - 1,
				max + 1,
				min + 0.5,
				Number.NaN,
				Number.POSITIVE_INFINITY,
				'x',
				'1e3',
				'0x10',
				'1.0',
				'1 2',
				'--1',
				true,
				false,
				[],
				[min],
			];
			for (const value of others) {
				should(toNumber(property, value)).be.undefined();
				should(numberProblem(property, value)).deepEqual({
					reason: 'numberInvalid',
					facts: {property, value: String(value), min, max},
				});
			}
		});

		it(`names the variable that was not set for ${property}`, () => {
			should(numberProblem(property, '${LIMIT}')).deepEqual({
				reason: 'variableUnset',
				facts: {property, variable: 'LIMIT'},
			});
		});
	}
});

describe('A value without a text', () => {
	const value: unknown = JSON.parse('{"toString": 1, "valueOf": 2}');

	it('is reported like any other', () => {
		should(numberProblem('pollInterval', value)?.facts).containEql({value: 'object'});
		should(choiceProblem('action', value, ['a'])?.facts).containEql({value: 'object'});
		should(regionProblem(value)?.facts).containEql({region: 'object'});
		should(flagProblem('trial', [value])?.facts).containEql({value: 'object'});
		should(pollIntervalProblem(0, value)).match({reason: 'onDemandWithoutInput'});
	});
});

describe('A variable', () => {
	for (const value of ['${A}', '$(A)', ' ${A_1} ', '${A.B}']) {
		it(`is ${value}`, () => {
			should(isVariable(value)).be.true();
			should(variableProblem('topic', value)).match({reason: 'variableUnset'});
		});
	}

	for (const value of ['${}', '$()', '$A', 'x${A}', '${A}x', '${A', '', 3, null, undefined, {}]) {
		it(`is not ${inspect(value)}`, () => {
			should(isVariable(value)).be.false();
			should(variableProblem('topic', value)).be.undefined();
		});
	}
});

describe('A topic', () => {
	for (const value of ['t', 'a/b', '...', 'ä ö', '+49 89 123', 'x'.repeat(256), '\ud83d\ude00', 'a,b', ' t']) {
		it(`may be ${JSON.stringify(value).slice(0, 30)}`, () => {
			should(isTopic(value)).be.true();
			should(topicProblem(value)).be.undefined();
			encodeURIComponent(value);
		});
	}

	for (const value of [
		'.',
		'..',
		'x'.repeat(257),
		'a\nb',
		'a\u0000',
		'\u007f',
		'\u0085',
		'\ud800',
		'a\udc00b',
		5,
		{},
		true,
	]) {
		it(`is not ${JSON.stringify(value).slice(0, 30)}`, () => {
			should(isTopic(value)).be.false();
			should(topicProblem(value)).deepEqual({reason: 'topicInvalid', facts: {}});
		});
	}

	it('is missing when blank', () => {
		for (const value of ['', ' ', undefined, null]) {
			should(topicProblem(value)).deepEqual({reason: 'topicMissing', facts: {}});
		}
	});

	it('is not a variable that was not set', () => {
		should(topicProblem('${TOPIC}')).deepEqual({
			reason: 'variableUnset',
			facts: {property: 'topic', variable: 'TOPIC'},
		});
	});
});

describe('A fax id', () => {
	for (const value of [
		'K34A3QX3@J78AO6W.glaqsmucre101.QA1',
		'a b+c%&=;/?#',
		'.',
		'..',
		'__proto__',
		'x'.repeat(256),
		' ',
		'\ud83d\ude00',
	]) {
		it(`may be ${JSON.stringify(value).slice(0, 40)}, and can be sent`, () => {
			should(isFaxId(value)).be.true();
			encodeURIComponent(value);
		});
	}

	for (const value of [
		'',
		'a,b',
		',',
		'x'.repeat(257),
		'a\tb',
		'a\u0000b',
		'a\u009f',
		'\ud800',
		'a\udfff',
		'\udc00\ud800',
		1,
		null,
		undefined,
		['a'],
		{id: 'a'},
		new String('a'),
	]) {
		it(`is not ${inspect(value).slice(0, 40)}`, () => {
			should(isFaxId(value)).be.false();
		});
	}
});

describe('A region', () => {
	it('may be one of Retarus, a custom address, or blank', () => {
		for (const region of [...regions, 'custom', '', undefined]) {
			should(regionProblem(region)).be.undefined();
		}
	});

	it('may be nothing else', () => {
		should(regionProblem('DE1')).match({reason: 'regionUnknown', facts: {region: 'DE1'}});
		should(regionProblem(1)).match({reason: 'regionUnknown'});
		should(regionProblem('${REGION}')).match({reason: 'variableUnset', facts: {variable: 'REGION'}});
	});
});

describe('A base URL', () => {
	for (const value of [
		'http://127.0.0.1:8899/faxin/rest/v1',
		'https://fax.example/rest/',
		' https://fax.example ',
		'HTTPS://FAX.EXAMPLE',
		'http://[::1]:80/x',
	]) {
		it(`may be ${value}`, () => {
			should(baseUrlProblem(value)).be.undefined();
		});
	}

	const bad = [
		'',
		'fax.example',
		'ftp://fax.example',
		'javascript:alert(1)',
		'file:///etc',
		'https://',
		'https://user@fax.example',
		'https://user:pw@fax.example',
		'https://:pw@fax.example',
		'https://fax.example/?a=1',
		'https://fax.example/#a',
		'https://fax.example:99999',
		'https://fax .example',
		undefined,
		null,
		5,
		{},
	];
	for (const value of bad) {
		it(`is not ${inspect(value)}`, () => {
			should(baseUrlProblem(value)).deepEqual({reason: 'baseUrlInvalid', facts: {}});
		});
	}

	it('is not a variable that was not set', () => {
		should(baseUrlProblem('${URL}')).match({reason: 'variableUnset', facts: {variable: 'URL'}});
	});
});

describe('A choice', () => {
	it('may be one of those allowed, or blank', () => {
		for (const value of ['fax', 'document', '', undefined, null]) {
			should(choiceProblem('messagePer', value, ['fax', 'document'])).be.undefined();
		}
	});

	it('may be nothing else, in any case or type', () => {
		for (const value of ['Fax', 'fax ', 1, true, ['fax']]) {
			should(choiceProblem('messagePer', value, ['fax', 'document'])).deepEqual({
				reason: 'choiceInvalid',
				facts: {property: 'messagePer', value: String(value), allowed: 'fax, document'},
			});
		}

		should(choiceProblem('messagePer', '${PER}', ['fax'])).match({reason: 'variableUnset'});
	});
});

describe('A flag', () => {
	it('may be a boolean, its name, or blank', () => {
		for (const value of [true, false, 'true', 'false', '', undefined, null]) {
			should(flagProblem('guard', value)).be.undefined();
		}
	});

	it('is never switched off by a typing error', () => {
		for (const value of ['flase', 'no', '0', 0, 1, 'TRUE', {}]) {
			should(flagProblem('guard', value)).match({reason: 'choiceInvalid'});
		}
	});

	it('means what it says, or the default when blank', () => {
		should([true, 'true', false, 'false'].map((value) => toFlag(value, true))).deepEqual([true, true, false, false]);
		should(['', undefined, null].map((value) => [toFlag(value, true), toFlag(value, false)])).deepEqual([
			[true, false],
			[true, false],
			[true, false],
		]);
	});
});

describe('A poll interval of 0', () => {
	it('needs the input port', () => {
		for (const inputs of [0, '0', '', undefined, 2]) {
			should(pollIntervalProblem(0, inputs)).deepEqual({reason: 'onDemandWithoutInput', facts: {}});
			should(pollIntervalProblem('0', inputs)).match({reason: 'onDemandWithoutInput'});
			should(pollIntervalProblem(30, inputs)).be.undefined();
			should(pollIntervalProblem('', inputs)).be.undefined();
		}

		for (const inputs of [1, '1']) {
			should(pollIntervalProblem(0, inputs)).be.undefined();
		}

		should(pollIntervalProblem(-1, 1)).match({reason: 'numberInvalid'});
	});
});
