import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import type {FaxView} from '../../simulator';
import {isAcknowledged} from '../node-red/node-red-until';
import {holds, isFiled, listings} from './counterparts/stage';
import {bytesOf} from '../../simulator/documents/document';
import {describeExample} from './counterparts/staged';

const name = '01 - Receive, archive, acknowledge';
const receivedAtMs = Date.now() - 60_000;
/** The day in the time zone of the service, an hour ahead of UTC. */
const day = new Date(receivedAtMs + 3_600_000).toISOString().slice(0, 10);

describeExample(name, {}, (stage) => {
	const place = (called: string): string => join(stage().folder, day, called);
	const isArchived = (fax: FaxView): boolean => isFiled(fax, place(fax.facts.to));

	it('files every document by day and called number before it acknowledges the fax', async () => {
		const {folder} = stage();
		for (const sample of ['order', 'letter', 'prescription', 'notes'] as const) {
			stage().addFax({sample, receivedAtMs, to: sample === 'order' ? '+4989000003' : '+4989000002'});
		}

		stage().watch(isArchived);
		await stage().deploy(name, {FAX_FOLDER: folder});
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		stage().simulator.faxes().every(isArchived).should.be.true();
	});

	it('files by topic when the number is unknown, and never outside its folder', async () => {
		const anonymous = stage().addFax({sample: 'notes', receivedAtMs, fields: {CalledNumber: ''}});
		const hostile = stage().addFax({sample: 'order', receivedAtMs, fields: {CalledNumber: '../../12/../34'}});
		await stage().deploy(name, {FAX_FOLDER: stage().folder});
		await stage().untilAllAcknowledged();
		isFiled(anonymous, place('demo')).should.be.true();
		isFiled(hostile, place('1234')).should.be.true();
	});

	it('acknowledges a fax only once its folder is writable', async () => {
		const {folder} = stage();
		writeFileSync(folder, 'A file where the folder should be.');
		const fax = stage().addFax({sample: 'notes', receivedAtMs});
		stage().watch(isArchived);
		await stage().deploy(name, {FAX_FOLDER: folder});
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		rmSync(folder);
		mkdirSync(folder);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});

	it('acknowledges no fax that a full disk has truncated', async () => {
		const fax = stage().addFax({sample: 'notes', receivedAtMs});
		const [, second] = fax.documents;
		const path = join(place(fax.facts.to), second?.name ?? '');
		mkdirSync(place(fax.facts.to), {recursive: true});
		// It opens, but is full: the file node reports the error, and still passes its message on.
		symlinkSync('/dev/full', path);
		stage().watch(isArchived);
		await stage().deploy(name, {FAX_FOLDER: stage().folder});
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		rmSync(path);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		(second !== undefined && holds(path, bytesOf(second))).should.be.true();
	});
});
