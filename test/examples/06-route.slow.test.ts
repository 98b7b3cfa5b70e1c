import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import type {FaxView, NewFax} from '../../simulator';
import {isFiled, listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '06 - Route by called number';
const sales = '+4989000022';
const service = '+4989000033';

describeExample(name, {}, (stage) => {
	const routes = new Map<FaxView, string>();
	const isRouted = (fax: FaxView): boolean => isFiled(fax, join(stage().folder, routes.get(fax) ?? ''));

	const expect = (route: string, fax: NewFax): FaxView => {
		const added = stage().addFax(fax);
		routes.set(added, route);
		return added;
	};

	const deploy = async (): Promise<void> => {
		stage().watch(isRouted);
		await stage().deploy(name, {FAX_FOLDER: stage().folder, SALES_NUMBER: sales, SERVICE_NUMBER: service});
	};

	it('files each fax by its called number, or in the default folder', async () => {
		expect('sales', {sample: 'notes', to: sales});
		expect('service', {sample: 'letter', to: service});
		expect('other', {sample: 'order', to: '+4989000044'});
		expect('other', {sample: 'notes', fields: {CalledNumber: ''}});
		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		stage().simulator.faxes().every(isRouted).should.be.true();
	});

	it('acknowledges nothing on a blocked route until it is free, and everything on the others', async () => {
		mkdirSync(stage().folder);
		writeFileSync(join(stage().folder, 'service'), 'A file where the folder should be.');
		const blocked = expect('service', {sample: 'notes', to: service});
		const free = expect('sales', {sample: 'notes', to: sales});
		await deploy();
		await stage().passUntil(() => isAcknowledged(free) && listings(blocked) > 1);
		isAcknowledged(blocked).should.be.false();

		rmSync(join(stage().folder, 'service'));
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});
});
