import should from 'should';
import {completenessOf, isTiff, type Completeness} from '../../../lib/documents/tiff';
import {tiffFile, type TiffOptions} from './tiff-file';

const mb = 1024 * 1024;

const layouts: readonly (readonly [string, TiffOptions])[] = [
	['II', {}],
	['MM', {isLittle: false}],
	['BigTIFF, II', {isBig: true}],
	['BigTIFF, MM', {isBig: true, isLittle: false}],
];

/** Begins with a directory at 8; the rest is zeros. */
const hostile = (size: number): Buffer => {
	const file = Buffer.alloc(size);
	file.write('II*\0\u0008', 'latin1');
	return file;
};

/** As many entries as asked for, each of which names strips at 1 MB up to the end of the file. */
const writeEntries = (file: Buffer, directory: number, entries: number): void => {
	file.writeUInt16LE(entries, directory);
	for (let at = directory + 2; at < directory + 2 + 12 * entries; at += 12) {
		file.writeUInt16LE(273, at);
		file.writeUInt16LE(4, at + 2);
		file.writeUInt32LE((file.length - mb) / 4, at + 4);
		file.writeUInt32LE(mb, at + 8);
	}
};

const bombs: Readonly<Record<string, () => Buffer>> = {
	'65,535 entries with millions of strips each'() {
		const file = hostile(8 * mb);
		writeEntries(file, 8, 65_535);
		return file;
	},
	'thousands of directories with millions of strips each'() {
		const file = hostile(8 * mb);
		const bytes = 2 + 12 + 4;
		for (let directory = 8; directory + bytes < mb; directory += bytes) {
			writeEntries(file, directory, 1);
			file.writeUInt32LE(directory + bytes, directory + 2 + 12);
		}

		return file;
	},
	'thousands of directories that overlap, with thousands of entries each'() {
		const file = hostile(2 * mb);
		const entries = 60_000;
		for (let directory = 8; directory < 12 * 50_000; directory += 12) {
			file.writeUInt16LE(entries, directory);
			file.writeUInt32LE(directory + 12, directory + 2 + 12 * entries);
		}

		return file;
	},
	'a count of four billion'() {
		const file = hostile(64 * mb);
		writeEntries(file, 8, 1);
		file.writeUInt32LE(0xffff_ffff, 14);
		return file;
	},
	'a BigTIFF directory of billions of entries'() {
		const file = hostile(64 * mb);
		file.write('II+\0\u0008\0\0\0\u0010', 'latin1');
		file.writeUInt32LE(0xffff_ffff, 20);
		return file;
	},
	'a ring of directories'() {
		const file = hostile(64);
		file.writeUInt32LE(14, 10);
		file.writeUInt32LE(8, 16);
		return file;
	},
};

describe('A TIFF', () => {
	for (const [name, options] of layouts) {
		describe(`(${name})`, () => {
			it('is known by its first bytes', () => {
				should(isTiff(tiffFile(options))).be.true();
			});

			it('is complete with its last strip', () => {
				should(completenessOf(tiffFile(options))).equal('complete');
			});

			it('is never complete where it was cut', () => {
				const whole = tiffFile(options);
				for (let length = 4; length < whole.length; length += 1) {
					should(completenessOf(whole.subarray(0, length))).not.equal('complete', `cut at ${length}`);
				}
			});

			it('is broken without a directory, and with one beyond its end', () => {
				const file = tiffFile(options);
				const first = options.isBig === true ? 8 : 4;
				file.fill(0, first, 2 * first);
				should(completenessOf(file)).equal('broken');
				file.fill(1, first, 2 * first);
				should(completenessOf(file)).equal('broken');
			});
		});
	}

	const claims: readonly (readonly [string, TiffOptions, Completeness])[] = [
		['complete when its directories form a ring', {next: 8}, 'complete'],
		['plausible when a strip is said to be 7 bytes longer than it is', {counts: [20, 27]}, 'plausible'],
		['plausible when a strip is said to have 0 bytes', {counts: [20, 0]}, 'plausible'],
		['broken when a strip lacks more than rounding explains', {counts: [20, 20 + 65]}, 'broken'],
		['broken when a strip begins beyond its end', {offsets: [8, 4000], counts: [20, 0]}, 'broken'],
		['broken when its next directory is beyond its end', {next: 4000}, 'broken'],
	];
	for (const [title, options, expected] of claims) {
		it(`is ${title}`, () => {
			should(completenessOf(tiffFile(options))).equal(expected);
			if (options.next !== 8) {
				should(completenessOf(tiffFile({...options, isBig: true}))).equal(expected);
			}
		});
	}

	it('is plausible when the file ends where the next directory would be named', () => {
		const file = Buffer.alloc(8 + 2 + 12);
		file.write('II*\0\u0008\0\0\0\u0001\0', 'latin1');
		should(completenessOf(file)).equal('plausible');
	});

	for (const [name, make] of Object.entries(bombs)) {
		it(`is judged without a noticeable pause when it has ${name}`, () => {
			const file = make();
			const before = performance.now();
			completenessOf(file);
			should(performance.now() - before).be.below(1000);
		});
	}
});
