import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {read, root} from './markdown';

const rooms = ['account', 'exchange', 'faxes', 'documents', 'retarus', 'ledger', 'pacing'];

const sourcesIn = (folder: string): readonly string[] =>
	readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter((name) => name.endsWith('.ts') && !name.startsWith('dist'))
		.map((name) => `${folder}/${name}`);

describe('The house', () => {
	it('has a place for each of the eight common changes', () => {
		const rows = read('CONTRIBUTING.md').match(/^\| .+ \| `[^`]+` \|$/gm) ?? [];
		should(rows.length).equal(8);
		for (const row of rows) {
			const [, path = ''] = /`([^`]+)` \|$/.exec(row) ?? [];
			should(existsSync(join(root, path))).be.true(row);
		}
	});

	it('shows at most 14 entries at its door', () => {
		should(readdirSync(join(root, 'lib')).length).be.belowOrEqual(14);
	});

	it('has rooms that import only from those below them', () => {
		const upwards: string[] = [];
		for (const path of sourcesIn('lib')) {
			const own = rooms.indexOf(path.split('/')[1] ?? '');
			for (const [, room = ''] of readFileSync(join(root, path), 'utf8').matchAll(/from '\.\.?\/(\w+)\//g)) {
				if (rooms.includes(room) && (own < 0 || rooms.indexOf(room) < own)) {
					upwards.push(`${path} imports from ${room}/`);
				}
			}
		}

		should(upwards).be.empty();
	});

	it('has no file above 260 lines and no line above 120 columns', () => {
		const large: string[] = [];
		for (const path of [...sourcesIn('lib'), ...sourcesIn('nodes')]) {
			const lines = readFileSync(join(root, path), 'utf8').split('\n');
			if (lines.length > 261) {
				large.push(`${path}: ${lines.length - 1} lines`);
			}
		}

		for (const path of [...sourcesIn('lib'), ...sourcesIn('nodes'), ...sourcesIn('simulator')]) {
			const lines = readFileSync(join(root, path), 'utf8').split('\n');
			large.push(...lines.filter((line) => line.length > 120).map((line) => `${path}: ${line.trim().slice(0, 60)}`));
		}

		should(large).be.empty();
	});
});
