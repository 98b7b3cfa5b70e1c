import 'should';
import type {StateView} from '../../simulator/control/views';
import {closeBrowser} from '../node-red/browser';
import {authorization} from '../node-red/desk';
import {PageVisit} from './page-visit';

describe("The simulator's page", function () {
	this.timeout(60_000);

	let visit: PageVisit;

	afterEach(async () => {
		await visit.close();
		visit.complaints.should.be.empty();
	});

	after(closeBrowser);

	it('starts and stops common faults', async () => {
		visit = await PageVisit.open(['--faxes', '1']);
		await visit.untilRows(1);
		await visit.click('Answer 401 until stopped');
		await visit.page.locator('.rules li').waitFor();
		(await visit.desk.status('/topics/demo?fetch=1')).should.equal(401);
		await visit.click('Stop');
		await visit.page.locator('.rules li').waitFor({state: 'detached'});
		(await visit.desk.status('/topics/demo?fetch=1&timeout=0')).should.equal(200);
		await visit.click('Lose the next answer');
		await visit.page.locator('.rules li').waitFor();
		(await visit.desk.status('/topics/demo?fetch=1&timeout=0')).should.equal('nothing');
		await visit.page.locator('.rules li').waitFor({state: 'detached'});

		await visit.rows().first().getByRole('button').click();
		const [fax] = await visit.desk.poll('fetch=1&timeout=0');
		const length = async (): Promise<number> =>
			(await (await fetch(fax?.documents[0]?.url ?? '', {headers: authorization})).arrayBuffer()).byteLength;
		const whole = await length();
		await visit.click('Truncate its documents');
		await visit.page.locator('.rules li').waitFor();
		(await length()).should.equal(Math.floor(whole / 2));
	});

	it('adds a fault bound to one fax until it is stopped', async () => {
		visit = await PageVisit.open(['--faxes', '2']);
		await visit.untilRows(2);
		const [first, second] = await visit.desk.poll('fetch=2&timeout=0');
		const statusOf = (id = ''): Promise<number | 'nothing'> =>
			visit.desk.status(`/topics/demo?fetch=0&ids=${encodeURIComponent(id)}`);
		await visit.page.getByLabel('Fault', {exact: true}).selectOption('status');
		await visit.page.getByLabel('Status', {exact: true}).fill('502');
		await visit.page.getByLabel('Retry-After', {exact: true}).fill('60');
		await visit.page.getByLabel('Which requests').selectOption('acknowledgements');
		await visit.page.getByLabel('Bound to', {exact: true}).selectOption('of fax');
		await visit.page.getByLabel('Bound to which').fill(first?.id ?? '');
		await visit.click('Add');
		const rule = `status 502, Retry-After 60 on acknowledgements of fax ${first?.id ?? ''}`;
		await visit.page.getByText(rule).waitFor();
		[await statusOf(first?.id), await statusOf(first?.id), await statusOf(second?.id)].should.deepEqual([
			502, 502, 200,
		]);
		await visit.click('Stop');
		await visit.page.locator('.rules li').waitFor({state: 'detached'});
		(await statusOf(first?.id)).should.equal(200);
	});

	it('adds every kind of fault under its name', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		const kind = visit.page.getByLabel('Fault', {exact: true});
		const labels = await kind.locator('option').allInnerTexts();
		for (const label of labels) {
			await kind.selectOption(label);
			await visit.click('Add');
		}
		await visit.page.waitForFunction((count) => document.querySelectorAll('.rules li').length === count, labels.length);
		const {faults} = (await (await fetch(`${visit.desk.origin}/simulator/state`)).json()) as StateView;
		new Set(faults.map(({fault}) => fault.kind)).size.should.equal(16);
	});
});
