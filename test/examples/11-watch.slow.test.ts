import {rmSync, writeFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import 'should';
import {isRecord} from '../../lib/json';
import {isFiled} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {WebService} from './counterparts/web-service';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '11 - Watch it';
const minute = 60_000;
const hour = 60 * minute;

const textOf = (body: Buffer): string => {
	const alarm: unknown = JSON.parse(body.toString());
	return isRecord(alarm) ? String(alarm.text) : '';
};

/** The day of the week, counted from 0 for Sunday. */
const weekday = (ms: number): number => new Date(ms).getUTCDay();

describeExample(name, {}, (stage) => {
	let alarms: string[];
	let isTaken: boolean;
	let service: WebService;

	beforeEach(async () => {
		alarms = [];
		isTaken = true;
		service = new WebService(({body}) => {
			if (isTaken) {
				alarms.push(textOf(body));
			}

			return isTaken ? [204] : [502];
		});
		await service.open();
	});

	afterEach(() => service.close());

	/** Deploys on a Tuesday at this hour. */
	const deployAt = async (time: number): Promise<void> => {
		await stage().passToHour(time);
		while (weekday(stage().simulator.clock.now()) !== 2) {
			await stage().pass(24 * hour);
		}

		stage().watch((fax) => isFiled(fax, stage().folder));
		await stage().deploy(name, {
			FAX_FOLDER: stage().folder,
			ALARM_URL: service.origin,
			OFFICE_OPENS: '8',
			OFFICE_CLOSES: '18',
		});
	};

	/** Lets time pass, pausing after each step so that an alarm is answered in time and not sent again. */
	const slowly = async (minutes: number, step = 10): Promise<void> => {
		for (let passed = 0; passed < minutes; passed += step) {
			await stage().pass(step * minute);
			await wait(150);
		}
	};

	it('reports two hours without a fax, once and only in office hours', async () => {
		await deployAt(9);
		stage().addFax({sample: 'order'});
		await stage().untilAllAcknowledged();
		await slowly(100);
		alarms.should.be.empty();
		await slowly(40);
		alarms.should.deepEqual(['No fax has arrived for two hours.']);
		await slowly(60);
		alarms.should.have.length(1);

		// The next fax ends the alarm, and the two hours start again.
		stage().addFax({sample: 'order'});
		await stage().untilAllAcknowledged();
		await slowly(150);
		alarms.should.have.length(2);
		await stage().passToHour(18.1);
		stage().addFax({sample: 'order'});
		await stage().untilAllAcknowledged();
		await stage().passToHour(7.5);
		alarms.should.have.length(2);
	});

	it('reports a fax in that has been red for ten minutes, until the alarm is accepted', async () => {
		isTaken = false;
		await deployAt(8);
		stage().simulator.faults.add({fault: {kind: 'status', status: 401}, phase: 'any'});
		await slowly(9, 1);
		service.requests.should.be.empty();
		await slowly(9, 1);
		(service.requests.length > 1).should.be.true();
		alarms.should.be.empty();

		isTaken = true;
		await slowly(3, 1);
		alarms.should.have.length(1);
		alarms[0]?.should.match(/^retarus-fax-in has been red for ten minutes: /);
		await slowly(20);
		alarms.should.have.length(1);
	});

	it('serves metrics to Prometheus, and acknowledges no fax before it is written', async () => {
		await deployAt(10);
		writeFileSync(stage().folder, 'A file where the folder should be.');
		const fax = stage().addFax({sample: 'notes'});
		const figures = (): Promise<string> => stage().nodeRed.text('/metrics');
		await stage().until(() =>
			figures().then(
				() => true,
				() => false,
			),
		);
		await stage().passUntil(async () =>
			(await figures()).includes('retarus_fax_failed_total{node="retarus-fax-in"} 1'),
		);
		isAcknowledged(fax).should.be.false();
		(await figures()).should.match(/retarus_fax_up\{node="retarus-fax-in"\} 1/);

		rmSync(stage().folder);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		await stage().until(async () =>
			(await figures()).includes('retarus_fax_acknowledged_total{node="retarus-fax-in"} 1'),
		);
		(await figures()).should
			.match(/# TYPE retarus_fax_delivered_total counter/)
			.and.match(/retarus_fax_last_fax_timestamp_seconds\{node="retarus-fax-in"\} \d+/);
	});
});
