/** Just enough Markdown to find links, headings and rows. */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

export const root = join(__dirname, '../..');

export interface Link {
	readonly text: string;
	/** Relative to the repository root. The path of the document itself if the link is a bare anchor. */
	readonly path: string;
	readonly anchor: string | undefined;
}

/** Every tracked Markdown file. */
export const documents = (): readonly string[] =>
	execFileSync('git', ['ls-files', '--', '*.md'], {cwd: root, encoding: 'utf8'}).trim().split('\n');

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Strips code, in which links are only shown. */
const prose = (markdown: string): string =>
	markdown
		.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
		.replace(/^(?: {4}|\t).*$/gm, '')
		.replace(/`[^`\n]*`/g, '`code`');

/** Links to files of this repository, in any part of the document at `path`. */
export const links = (markdown: string, path: string): readonly Link[] =>
	[...prose(markdown).matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].flatMap(([, text = '', target = '']) => {
		if (/^[a-z][a-z+.-]*:/i.test(target)) {
			return [];
		}

		const [file = '', anchor] = target.split('#');
		return [
			{text, path: file === '' ? path : relative(root, join(root, dirname(path), decodeURIComponent(file))), anchor},
		];
	});

/** The anchors that GitHub generates from headings. */
export const anchors = (markdown: string): ReadonlySet<string> =>
	new Set(
		[...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
			heading
				.toLowerCase()
				.replace(/[^\p{L}\p{N} _-]/gu, '')
				.replace(/ /g, '-'),
		),
	);

/** The text between a second-level heading and the next one. */
export const section = (markdown: string, heading: string): string => {
	const [, after = ''] = markdown.split(`\n## ${heading}\n`);
	return after.split(/\n## /)[0] ?? '';
};

/** The rows of all tables, without their headers. */
export const rows = (markdown: string): readonly string[] => {
	const lines = markdown.split('\n');
	return lines.filter(
		(line, index) => line.startsWith('|') && !/^\|[-| ]+\|$/.test(line) && !/^\|[-| ]+\|$/.test(lines[index + 1] ?? ''),
	);
};

/** The literal titles of a test file, as opposed to those built from a table. */
export const titles = (source: string): ReadonlySet<string> =>
	new Set(
		[...source.matchAll(/\b(?:it|describe)\('((?:[^'\\\n]|\\.)+)'/g)].map(([, title = '']) =>
			title.replace(/\\(.)/g, '$1'),
		),
	);
