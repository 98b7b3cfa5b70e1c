import {existsSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {anchors, documents, links, read, root, rows, section, titles, type Link} from './markdown';

const isTest = ({path}: Link): boolean => path.endsWith('.test.ts');

for (const document of documents()) {
	describe(`The document ${document}`, () => {
		it('links only to existing files and headings', () => {
			for (const {text, path, anchor} of links(read(document), document)) {
				should(existsSync(join(root, path))).be.true(`[${text}] points to ${path}, which does not exist`);
				if (anchor !== undefined) {
					should(anchors(read(path)).has(anchor)).be.true(
						`[${text}] points to #${anchor} of ${path}, which has no such heading`,
					);
				}
			}
		});

		it('quotes only existing test titles', () => {
			for (const {text, path} of links(read(document), document).filter(isTest)) {
				should(titles(read(path)).has(text)).be.true(`${path} has no test with the title "${text}"`);
			}
		});
	});
}

describe('The documents', () => {
	it('back every sentence of the promise with a test', () => {
		const sentences = section(read('README.md'), 'The promise')
			.split('\n')
			.filter((line) => /^\d\. /.test(line));
		should(sentences.length).equal(7);
		for (const sentence of sentences) {
			should(links(sentence, 'README.md').some(isTest)).be.true(`no test: ${sentence}`);
		}
	});

	it('back every row of "What happens if" with a test', () => {
		const document = 'docs/what-happens-if.md';
		const lines = rows(read(document));
		should(lines.length).be.aboveOrEqual(54);
		for (const line of lines) {
			should(links(line, document).some(isTest)).be.true(`no test: ${line}`);
		}
	});

	it('back every promise of the security policy with a test', () => {
		const promises = section(read('SECURITY.md'), 'What is promised')
			.split(/\n(?=- )/)
			.filter((part) => part.trim().startsWith('- '));
		should(promises.length).be.above(5);
		for (const promise of promises) {
			should(links(promise, 'SECURITY.md').some(isTest)).be.true(`no test: ${promise}`);
		}
	});
});

describe('The Markdown reader', () => {
	it('finds links to files, but neither code nor external addresses', () => {
		const markdown = 'See [a](b.md#c), [d](#e) and [f](https://example.com) but not `[g](h)`\n\n    [i](j)\n';
		should(links(markdown, 'docs/x.md')).deepEqual([
			{text: 'a', path: 'docs/b.md', anchor: 'c'},
			{text: 'd', path: 'docs/x.md', anchor: 'e'},
		]);
	});

	it('turns headings into the anchors of GitHub', () => {
		should([...anchors('# What happens if ...\n## 1. A `name`, größer')]).deepEqual([
			'what-happens-if-',
			'1-a-name-größer',
		]);
	});

	it('finds the rows of tables, without their headers', () => {
		should(rows('| a | b |\n|---|---|\n| 1 | 2 |\n\ntext')).deepEqual(['| 1 | 2 |']);
	});

	it('finds the literal titles of a test file', () => {
		should([...titles("it('does it\\'s part', () => 0); it(`fills ${1}`, x); describe('A thing', y)")]).deepEqual([
			"does it's part",
			'A thing',
		]);
	});
});
