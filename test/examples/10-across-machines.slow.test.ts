import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import 'should';
import type {FaxView} from '../../simulator';
import {Broker} from './counterparts/broker';
import {isFiled, listings, type Stage} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const receiver = '10a - Across machines, the receiver (MQTT)';
const worker = '10b - Across machines, a worker (MQTT)';

describeExample(`${receiver}, with ${worker}`, {commands: ['mosquitto']}, (stage) => {
	let broker: Broker;
	let workers: Stage[];

	beforeEach(async () => {
		mkdirSync(stage().folder);
		broker = await Broker.start(stage().folder);
		workers = [];
	});

	afterEach(async () => {
		await Promise.all(workers.map((one) => one.close()));
		await broker.close();
	});

	const address = (): Readonly<Record<string, string>> => ({
		MQTT_HOST: '127.0.0.1',
		MQTT_PORT: String(broker.port),
		MQTT_USER: 'faxes',
		MQTT_PASSWORD: 'open sesame',
	});
	const isWritten = (fax: FaxView): boolean => workers.some(({folder}) => isFiled(fax, folder));

	const hasConnected = ({nodeRed}: Stage): boolean =>
		nodeRed.log.some((line) => line.includes('[mqtt-broker:') && line.includes('Connected to broker'));

	const addWorker = async (folder?: (own: string) => void): Promise<Stage> => {
		const added = await stage().beside();
		workers.push(added);
		folder?.(added.folder);
		await added.deploy(worker, {...address(), FAX_FOLDER: added.folder});
		await added.until(() => hasConnected(added));
		return added;
	};

	const receive = async (): Promise<void> => {
		stage().watch(isWritten);
		await stage().deploy(receiver, address());
	};

	it('shares the faxes between two workers, and acknowledges each once it is written', async () => {
		const [first, second] = [await addWorker(), await addWorker()];
		const faxes = Array.from({length: 12}, (_, index) => stage().addFax({sample: index % 2 === 0 ? 'notes' : 'order'}));
		await receive();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		const shares = [first, second].map(({folder}) => faxes.filter((fax) => isFiled(fax, folder)).length);
		shares.should.not.containEql(0);
		// No fax went to both.
		shares.reduce((sum, share) => sum + share).should.equal(faxes.length);
	});

	it('loses nothing without a worker, without the broker, or while a worker cannot write', async () => {
		const fax = stage().addFax({sample: 'notes'});
		await receive();
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		await broker.close();
		const meanwhile = stage().addFax({sample: 'letter'});
		await stage().passUntil(() => listings(meanwhile) > 1);
		isAcknowledged(meanwhile).should.be.false();

		await broker.open();
		const blocked = await addWorker((folder) => {
			writeFileSync(folder, 'A file where the folder should be.');
		});
		await stage().pass(900_000);
		stage().simulator.faxes().some(isAcknowledged).should.be.false();

		rmSync(blocked.folder);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		stage().simulator.faxes().every(isWritten).should.be.true();
	});
});
