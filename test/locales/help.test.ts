import should from 'should';
import {helpOf, languages, nodeTypes, textsOf} from './catalogue';

const tags = (html: string): string[] =>
	[...html.matchAll(/<(\/?\w+)/g)].map(([, name = '']) => name).filter((name) => !/^\/?(em|code)$/.test(name));
const codes = (html: string): string[] =>
	[...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, code = '']) => code).sort();
const terms = (html: string): string[] => [...html.matchAll(/<dt[^>]*>([^<]*)/g)].map(([, term = '']) => term.trim());
/** The names of message properties, which no language translates. */
const properties = (html: string): string[] => terms(html).filter((term) => /^[a-z]/.test(term));

for (const language of languages) {
	for (const type of nodeTypes) {
		describe(`The help for ${type} in ${language}`, () => {
			const help = helpOf(language, type);

			it('belongs to its type, and begins with a sentence for the palette', () => {
				help.should.match(new RegExp(`^<script type="text/html" data-help-name="${type}">\\s*<p>[^<]+</p>`));
			});

			it('closes every element that it opens', () => {
				const open: string[] = [];
				for (const tag of tags(help)) {
					if (tag.startsWith('/')) {
						should(open.pop()).equal(tag.slice(1));
					} else {
						open.push(tag);
					}
				}

				open.should.be.empty();
			});

			it('has the structure and the code of the English help', () => {
				const english = helpOf('en-US', type);
				tags(help).should.deepEqual(tags(english));
				codes(help).should.deepEqual(codes(english));
				properties(help).should.deepEqual(properties(english));
			});

			it('names fields and choices exactly as the dialogs do', () => {
				const shown = nodeTypes.flatMap((name) => [...textsOf(language, name).values()]);
				for (const [, name = ''] of help.matchAll(/<em>(.*?)<\/em>/g)) {
					shown.should.containEql(name);
				}

				if (type === 'retarus-account') {
					shown.should.containEql(terms(help)[0]);
				}
			});
		});
	}
}

describe('The help for fax in', () => {
	it('describes every property of msg.fax', () => {
		const described = terms(helpOf('en-US', 'retarus-fax-in')).flatMap((term) => term.split(', '));
		described.should.containDeep([
			'id',
			'topic',
			'account',
			'delivery',
			'from',
			'to',
			'csid',
			'pages',
			'receivedAt',
			'lockedUntil',
			'deleteAfter',
			'documents',
			'problem',
			'raw',
		]);
	});
});
