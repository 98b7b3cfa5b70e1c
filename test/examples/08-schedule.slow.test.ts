import {rmSync, writeFileSync} from 'node:fs';
import 'should';
import {isFiled, listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '08 - On demand and on a schedule';
const hour = 3_600_000;

describeExample(name, {}, (stage) => {
	const deployAt = async (time: number): ReturnType<ReturnType<typeof stage>['deploy']> => {
		await stage().passToHour(time);
		stage().watch((fax) => isFiled(fax, stage().folder));
		return await stage().deploy(name, {FAX_FOLDER: stage().folder});
	};

	it('fetches by day, leaves faxes with Retarus at night, and fetches them in the morning', async () => {
		await deployAt(19);
		const byDay = stage().addFax({sample: 'notes'});
		await stage().untilAllAcknowledged();
		isAcknowledged(byDay).should.be.true();

		await stage().passToHour(20.2);
		const byNight = stage().addFax({sample: 'notes'});
		await stage().pass(4 * hour);
		listings(byNight).should.equal(0);

		await stage().passToHour(6.1);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});

	it('pauses when started at night, and fetches at the press of a button', async () => {
		const fax = stage().addFax({sample: 'letter'});
		const flow = await deployAt(23);
		await stage().pass(300_000);
		// The first poll may come before the flow has checked the time.
		isAcknowledged(fax).should.equal(listings(fax) > 0);
		const later = stage().addFax({sample: 'notes'});
		await stage().pass(hour);
		listings(later).should.equal(0);

		await stage().press(flow, 'fetch now');
		await stage().until(() => isAcknowledged(later));
		stage().early.should.be.empty();
	});

	it('loses nothing that failed before a pause', async () => {
		await deployAt(19.5);
		writeFileSync(stage().folder, 'A file where the folder should be.');
		const fax = stage().addFax({sample: 'notes'});
		await stage().passUntil(() => listings(fax) > 0);
		await stage().passToHour(20.2);
		rmSync(stage().folder);
		await stage().passToHour(5.9);
		isAcknowledged(fax).should.be.false();

		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});
});
