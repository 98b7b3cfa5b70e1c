import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import type {FaxView} from '../../simulator';
import {Database} from './counterparts/database';
import {isFiled, listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '09 - Record in a database';

describeExample(name, {modules: ['node-red-node-sqlite']}, (stage) => {
	const file = (): string => join(stage().folder, '..', 'faxes.sqlite');
	let database: Database;

	beforeEach(async () => {
		database = await Database.open(file());
	});

	afterEach(() => database.close());

	const deploy = async (): ReturnType<ReturnType<typeof stage>['deploy']> => {
		stage().watch((fax) => isFiled(fax, stage().folder));
		return await stage().deploy(name, {FAX_FOLDER: stage().folder, DATABASE: file()});
	};

	const rowsOf = (fax: FaxView): Promise<readonly Record<string, unknown>[]> =>
		database.rows('SELECT * FROM documents WHERE fax = ? ORDER BY document', fax.facts.id);
	const isRecorded = async (fax: FaxView): Promise<boolean> =>
		(await rowsOf(fax)).every(({state}) => state === 'acknowledged');

	it('records every document before it acknowledges the fax, then records the acknowledgement', async () => {
		const faxes = (['order', 'letter', 'notes'] as const).map((sample) => stage().addFax({sample}));
		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		for (const fax of faxes) {
			await stage().until(() => isRecorded(fax));
			const rows = await rowsOf(fax);
			rows.map(({filename}) => filename).should.deepEqual(fax.documents.map((document) => document.name));
			rows[0]?.should.have.properties({caller: '+4989000001', called: '+4989000002', deliveries: 1});
		}
	});

	it('acknowledges nothing while the database is locked, then has one row per document', async () => {
		await deploy();
		await stage().until(async () => (await database.rows('SELECT name FROM sqlite_master')).length > 0);
		await database.lock();
		const fax = stage().addFax({sample: 'notes'});
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		await database.unlock();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		await stage().until(() => isRecorded(fax));
		(await rowsOf(fax)).should.have.length(2);
	});

	it('neither acknowledges nor records a fax whose file cannot be written', async () => {
		writeFileSync(stage().folder, 'A file where the folder should be.');
		const fax = stage().addFax({sample: 'notes'});
		const flow = await deploy();
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();
		(await rowsOf(fax)).should.be.empty();
		await stage().press(flow, 'open');

		rmSync(stage().folder);
		await stage().untilAllAcknowledged();
		await stage().until(() => isRecorded(fax));
	});
});
