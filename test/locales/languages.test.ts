/** Rules for the texts of each language, as far as a test can check them. */
import {readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import 'should';
import {allTextsOf, languages, nodeTypes, root, textsIn} from './catalogue';

const supported = ['de', 'en-US', 'es-ES', 'fr', 'ja'] as const;
type Language = (typeof supported)[number];

/** Texts that are the same as in English. */
const sameAsEnglish: Record<Exclude<Language, 'en-US'>, readonly string[]> = {
	de: [
		'Details',
		'Name',
		'Region',
		'Status',
		'Topic',
		'Fax',
		'string',
		'object',
		'array',
		'object | array',
		'number',
		'boolean',
		'buffer',
		'buffer | null',
		'null',
	],
	'es-ES': ['array', 'buffer', 'buffer | null', 'Fax', 'fax', 'faxes', 'Topic'],
	fr: ['Action', 'Fax', 'fax', 'document', 'Documents', 'Pages', '1 page', '__pages__ pages', 'Topic'],
	ja: [],
};
const cities = 'Frankfurt|Ashburn|Secaucus|Zurich|Munich';
const names = new RegExp(
	`^(Proxy|Retarus __region__|Fax __fax__|FAX|msg\\.fax|(de|us)\\d \\((${cities})\\)|ch1 \\(Zurich\\))$`,
);
/** Removes the shapes of objects, which no language translates. */
const withoutShapes = (text: string): string => text.replaceAll(/\{[^}]*\}/g, '');

/** The quotation marks of all languages. */
const quotationMarks = /["'„“”‚‘’«»‹›「」『』]/g;
const ownQuotationMarks: Record<Language, RegExp> = {
	'en-US': /["']/,
	de: /[„“]/,
	// The last one is the apostrophe.
	fr: /[«»’]/,
	'es-ES': /[«»]/,
	ja: /[「」]/,
};
const opening: Record<Language, readonly [string, string]> = {
	'en-US': ['"', '"'],
	de: ['„', '“'],
	fr: ['«', '»'],
	'es-ES': ['«', '»'],
	ja: ['「', '」'],
};

const informal: Partial<Record<Language, RegExp>> = {
	de: /(?<!\p{L})(?:du|dich|dir|dein\p{L}*|euch|euer|eure\p{L}*)(?!\p{L})/iu,
	fr: /(?<!\p{L})(?:tu|toi|ton|tes)(?!\p{L})/iu,
	'es-ES': /(?<!\p{L})(?:tú|tu|tus|ti|puedes|debes|tienes|quieres)(?!\p{L})/iu,
	// Formal sentences end in です or ます.
	ja: /(?:だ|である|する|いる|ある|ない|(?<!まし|でし)た)。/,
};

/** Where an English text contains the first term, its translation must contain the term of its language. */
const glossary: ReadonlyArray<readonly [RegExp, Record<Exclude<Language, 'en-US'>, RegExp>]> = [
	[/\backnowledg/i, {de: /quitt/i, fr: /acquitt/i, 'es-ES': /confirm/i, ja: /確認応答/}],
	[/\btopics?\b/i, {de: /topic/i, fr: /topic/i, 'es-ES': /topic/i, ja: /トピック/}],
	[/\bdeliver(?:y|ed|ies)\b/i, {de: /zu(?:ge)?stell|fehlschl/i, fr: /remis/i, 'es-ES': /entreg/i, ja: /配信/}],
	[/\block(?:s|ed)?\b/i, {de: /sperr/i, fr: /verrou/i, 'es-ES': /bloque/i, ja: /ロック/}],
	[/\bg[ia]ven? .*back\b/i, {de: /zurück/i, fr: /rend/i, 'es-ES': /dev[ou]/i, ja: /差し戻/}],
	[/\bhand(?:ed)? .*over\b/i, {de: /überge/i, fr: /confi/i, 'es-ES': /trasp/i, ja: /引き継/}],
	[/\bflows?\b/i, {de: /flow/i, fr: /flux/i, 'es-ES': /flujo/i, ja: /フロー/}],
	[/\baccounts?\b/i, {de: /konto/i, fr: /compte/i, 'es-ES': /cuenta/i, ja: /アカウント/}],
	[/\bcredentials\b/i, {de: /Zugangsdaten|Passwort/i, fr: /identifiants/i, 'es-ES': /credencial/i, ja: /認証/}],
	[/\btrial\b/i, {de: /probe/i, fr: /essai/i, 'es-ES': /prueba/i, ja: /テスト/}],
	[/\bdocuments?\b/i, {de: /dokument/i, fr: /document/i, 'es-ES': /documento/i, ja: /文書/}],
	[/\bdeployed\b/i, {de: /übernommen/i, fr: /déploy/i, 'es-ES': /instanci|instánci/i, ja: /デプロイ/}],
];

/** Node-RED's own texts in a language. */
const nodeRedWords = (language: string): Map<string, string> => {
	const nodes = dirname(
		createRequire(require.resolve('node-red/package.json')).resolve('@node-red/nodes/package.json'),
	);
	return textsIn(join(nodes, 'locales', language, 'messages.json'));
};

const originals = allTextsOf('en-US');

describe('The languages', () => {
	it('are English, German, French, Spanish and Japanese, each named as Node-RED names it', () => {
		[...languages].sort().should.deepEqual([...supported]);
	});

	for (const language of supported) {
		it(`include texts and help for every node in ${language}, and nothing else`, () => {
			const files = nodeTypes.flatMap((type) => [`${type}.html`, `${type}.json`]);
			readdirSync(join(root, 'locales', language))
				.sort()
				.should.deepEqual(files.sort());
			[...allTextsOf(language).keys()].sort().should.deepEqual([...originals.keys()].sort());
		});
	}
});

for (const language of supported) {
	describe(`The texts in ${language}`, () => {
		const texts = allTextsOf(language);
		const places = [...texts];

		if (language !== 'en-US') {
			it('are translated, except for words shared with English', () => {
				const same = new Set(sameAsEnglish[language]);
				const left = places.filter(
					([place, text]) => text === originals.get(place) && !same.has(text) && !names.test(text),
				);
				left.should.deepEqual([]);
			});

			it('contain no English words', () => {
				const words = 'the|and|of|with|that|which|this|must|not|is|are|be|by|for|it|each|every|when|what|nothing';
				const english = new RegExp(`\\b(?:${words}|acknowledg\\w*)\\b`);
				for (const [place, text] of places) {
					text.should.not.match(english, place);
				}
			});

			it('use one term for one concept', () => {
				const others = places.filter(
					([place, text]) =>
						!place.includes('.unit.') &&
						glossary.some(
							([english, own]) => english.test(withoutShapes(originals.get(place) ?? '')) && !own[language].test(text),
						),
				);
				others.map(([place, text]) => [place, originals.get(place), text]).should.deepEqual([]);
			});
		}

		it('use the terms of Node-RED', () => {
			const words = nodeRedWords(language);
			const named = (key: string): string => (texts.get(key) ?? '').toLowerCase();
			const theirs = (key: string): string => words.get(key)?.toLowerCase() ?? `no ${key} in Node-RED`;
			for (const type of nodeTypes) {
				named(`${type}.label.name`).should.equal(theirs('common.label.name'));
			}

			named('retarus-account.label.password').should.equal(theirs('common.label.password'));
			named('retarus-account.label.tls').should.equal(theirs('httpin.tls-config'));
		});

		it('use the quotation marks of the language, in pairs', () => {
			const [open, close] = opening[language];
			for (const [place, text] of places) {
				for (const [mark] of text.matchAll(quotationMarks)) {
					mark.should.match(ownQuotationMarks[language], `${place}: ${text}`);
				}

				text.split(open).length.should.equal(text.split(close).length, `${place}: ${text}`);
			}
		});

		it('address the reader formally', () => {
			const wrong = informal[language];
			for (const [place, text] of wrong ? places : []) {
				text.should.not.match(wrong ?? /^$/, place);
			}
		});

		it('read correctly with any number', () => {
			for (const [place, text] of places) {
				// Japanese nouns have no plural, and "1 page" is a text of its own.
				if (language !== 'ja' && !place.endsWith('.description.pages')) {
					for (const [, word = ''] of text.matchAll(
						/__(?:seconds|hours|ms|limit|count|pages|most)__[\s\u00A0]?(\p{L}+)/gu,
					)) {
						word.should.match(/^(?:s|ms|h|MB|Mo)$/, `${place}: ${text}`);
					}
				}
			}
		});

		it('contain no superfluous space', () => {
			for (const [place, text] of places) {
				text.should.not.match(/[ \u00A0]{2}| [,.。、)]|\( /, `${place}: ${text}`);
			}
		});
	});
}

describe('The French texts', () => {
	it('keep each punctuation mark on the line of its word', () => {
		for (const [place, text] of allTextsOf('fr')) {
			text.replaceAll(/https?:\/\/\S+/g, '').should.not.match(/(?<!\u00A0)[:;!?»]|«(?!\u00A0)/, `${place}: ${text}`);
		}
	});
});

describe('The Spanish texts', () => {
	it('open each question and exclamation', () => {
		for (const [place, text] of allTextsOf('es-ES')) {
			text.split('¿').length.should.equal(text.split('?').length, place);
			text.split('¡').length.should.equal(text.split('!').length, place);
		}
	});
});

describe('The Japanese texts', () => {
	it('use Japanese punctuation, and brackets as in Node-RED', () => {
		for (const [place, text] of allTextsOf('ja')) {
			text.should.not.match(/[\u3040-\u9FFF][.,?!]|[（）：]/, `${place}: ${text}`);
		}
	});
});
