import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {languages, nodeTypes, root, sources, textsOf} from './catalogue';

const placeholders = (text: string): string[] => [...text.matchAll(/__\w+?__/g)].map(([name]) => name).sort();
const english = new Map(nodeTypes.flatMap((type) => [...textsOf('en-US', type)]));

/** The keys that the forms look up: by an attribute in the html, by a catalogue's function in the scripts. */
const usedByForms = (): Set<string> => {
	const used = new Set<string>();
	for (const html of sources(['nodes'], '.html').values()) {
		for (const [, key = ''] of html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)) {
			used.add(key);
		}
	}

	for (const [path, script] of sources(['nodes/editor/forms'], '.ts')) {
		const [, type = ''] = /(retarus-[\w-]+)\.ts/.exec(path) ?? [];
		for (const [, key = ''] of script.matchAll(/\btext\('([^']+)'/g)) {
			used.add(`${type}.${key}`);
		}
	}

	for (const script of sources(['nodes/editor'], '.ts').values()) {
		for (const [, key = ''] of script.matchAll(/\bshared\('([^']+)'/g)) {
			used.add(`retarus-account.${key}`);
		}

		const [, type = ''] = /const text = catalogue\('([\w-]+)'\)/.exec(script) ?? [];
		for (const [, key = ''] of script.matchAll(/\btext\([^'`)]*'([^']+)'/g)) {
			used.add(`${type}.${key}`);
		}

		// A template such as text(`action.${name}`) uses every text of its group.
		for (const [, group = ''] of script.matchAll(/\btext\(`([\w.]+\.)\$\{/g)) {
			for (const key of [...english.keys()].filter((one) => one.startsWith(`${type}.${group}`))) {
				used.add(key);
			}
		}
	}

	return used;
};

describe('The catalogues', () => {
	for (const language of languages) {
		for (const type of nodeTypes) {
			it(`have the same keys and placeholders for ${type} in ${language} as in English`, () => {
				const texts = textsOf(language, type);
				const original = textsOf('en-US', type);
				[...texts.keys()].sort().should.deepEqual([...original.keys()].sort());
				for (const [key, text] of texts) {
					placeholders(text).should.deepEqual(placeholders(original.get(key) ?? ''), key);
					text.trim().should.equal(text).and.not.be.empty();
				}
			});

			it(`keep every key of ${type} in ${language} under the name of the type`, () => {
				for (const key of textsOf(language, type).keys()) {
					key.should.startWith(`${type}.`);
				}
			});
		}

		it(`keep a status in ${language} short enough for the canvas`, () => {
			for (const type of nodeTypes) {
				for (const [key, text] of textsOf(language, type)) {
					if (key.startsWith(`${type}.status.`)) {
						text.length.should.be.belowOrEqual(24, `${key}: ${text}`);
					}

					// These variants also describe the connection.
					if (/\.status\w+\./.test(key)) {
						text.length.should.be.belowOrEqual(50, `${key}: ${text}`);
					}
				}
			}
		});

		it(`begin every key in ${language} with a letter, without which Node-RED looks up no status`, () => {
			for (const type of nodeTypes) {
				for (const key of textsOf(language, type).keys()) {
					key.should.match(/^[a-z]/);
				}
			}
		});
	}

	it('hold every text that the forms look up', () => {
		for (const key of usedByForms()) {
			should(english.has(key)).be.true(`no text for ${key}`);
		}
	});

	it('hold no label, tip or unit that is never shown', () => {
		const used = usedByForms();
		for (const key of english.keys()) {
			if (!/\.(error|status\w*|log|description)\./.test(key)) {
				should(used.has(key)).be.true(`${key} is not used`);
			}
		}
	});

	it('hold no error, status or log text that is never used', () => {
		const scripts = [...sources(['lib', 'nodes'], '.ts').values()].join('\n');
		const unnamed = [...english.keys()].filter((key) => {
			const [, group = '', name = ''] = /\.(error|status|log|description)\.(\w+)$/.exec(key) ?? [];
			return group !== '' && !new RegExp(`['.]${name}['\\x60]|\\b${name}:`).test(scripts);
		});
		unnamed.should.deepEqual([]);
	});

	it('hold every text that the runtime looks up by its full key', () => {
		for (const [path, script] of sources(['lib', 'nodes'], '.ts')) {
			for (const [, key = ''] of script.matchAll(/['":](retarus-(?:account|fax-in|fax-ack)\.[a-z]\w*\.\w+)['"]/g)) {
				should(english.has(key)).be.true(`${path} names ${key}`);
			}
		}
	});

	it('hold a sentence and a status for each problem that a validator reports', () => {
		const script = readFileSync(join(root, 'lib', 'config-checks.ts'), 'utf8');
		const [, union = ''] = /type ConfigReason =([^;]+);/.exec(script) ?? [];
		const reasons = [...union.matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason);
		reasons.should.not.be.empty();
		for (const reason of reasons) {
			should(english.has(`retarus-account.error.${reason}`)).be.true(`no sentence for ${reason}`);
			should(english.has(`retarus-fax-in.status.${reason}`)).be.true(`no status for ${reason}`);
		}
	});

	it('hold a plain status for each variant of a status', () => {
		for (const variant of ['statusUnencrypted', 'statusUnverified']) {
			for (const key of english.keys()) {
				if (key.startsWith(`retarus-fax-in.${variant}.`)) {
					should(english.has(key.replace(variant, 'status'))).be.true(key);
				}
			}
		}
	});
});
