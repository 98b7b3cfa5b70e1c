import 'should';
import {closeBrowser} from '../node-red/browser';
import {PageVisit} from './page-visit';

describe("The simulator's page", function () {
	this.timeout(60_000);

	let visit: PageVisit;

	afterEach(async () => {
		await visit.close();
		visit.complaints.should.be.empty();
	});

	after(closeBrowser);

	it('shows 1,000 locked faxes that count down, without lag', async () => {
		visit = await PageVisit.open(['--faxes', '1000']);
		await visit.untilRows(1000);
		await visit.desk.poll('fetch=1000&timeout=300');
		await visit.untilRows(1000, 'locked');
		// The page's processor time: wall time would include other processes.
		const session = await visit.page.context().newCDPSession(visit.page);
		await session.send('Performance.enable', {timeDomain: 'threadTicks'});
		const busy = async (): Promise<number> => {
			const {metrics} = await session.send('Performance.getMetrics');
			return 1000 * (metrics.find(({name}) => name === 'TaskDuration')?.value ?? NaN);
		};
		const cost = async (work: () => Promise<unknown>): Promise<number> => {
			const before = await busy();
			await work();
			return (await busy()) - before;
		};
		const counting = await cost(() =>
			visit.page.evaluate(
				() =>
					new Promise((resolve) => {
						setTimeout(resolve, 4000);
					}),
			),
		);
		(counting / 4).should.be.within(1, 250);
		const searching = await cost(() =>
			visit.page.evaluate(async () => {
				const search = document.querySelector<HTMLInputElement>('#search');
				for (const text of ['+4989', 'no such fax', '+49', 'nor this', '']) {
					if (search !== null) {
						search.value = text;
						search.dispatchEvent(new Event('input'));
						await new Promise(requestAnimationFrame);
					}
				}
			}),
		);
		// A search redraws the whole board.
		(searching / 5).should.be.within(1, 300);
	});
});
