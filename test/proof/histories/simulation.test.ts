import should from 'should';
import {replayCommand, runCampaign} from './campaign';

/** Real time for histories that nobody has seen before. */
const budgetMs = 1000 * Number(process.env.CAMPAIGN_SECONDS ?? 30);

/** Each made the core fail once; what they found is in regressions.test.ts, smaller. */
const oldSeeds = [
	196, 1000, 1017, 1081, 1136, 1157, 1170, 1200, 1246, 5165, 6313, 20_007_845, 20_008_218, 30_002_578, 30_004_261,
	50_002_874, 80_003_243,
];

describe('Simulated histories', function () {
	this.timeout(budgetMs + 120_000);

	it('that failed once lose nothing, acknowledge nothing early and leave nothing stuck', async () => {
		for (const seed of oldSeeds) {
			const {failures} = await runCampaign({seed, histories: 1});
			should(failures.map(({message}) => `seed ${seed}: ${message}`)).be.empty();
		}
	});

	it('with fresh seeds lose nothing, acknowledge nothing early and leave nothing stuck', async function () {
		const seed = Math.floor(Math.random() * 2 ** 31);
		const {tally, failures} = await runCampaign({seed, histories: Infinity, limitMs: budgetMs});
		const title = `${tally.histories} histories from seed ${seed}: ${tally.faxes} faxes, ${tally.kills} kills, ${tally.powerCuts} power cuts`;
		if (this.test) {
			this.test.title += ` (${title})`;
		}

		const texts = failures.map(
			({seed: failed, message}) =>
				`${message.slice(0, 300)}\n${replayCommand({seed: failed, faxes: undefined, without: new Set()})}`,
		);
		should(texts).be.empty();
		should(tally.histories).be.above(0);
	});

	it('with the same seed are the same', async () => {
		const traces: string[][] = [[], []];
		for (const lines of traces) {
			await runCampaign({seed: 7, histories: 1, trace: (line) => lines.push(line)});
		}

		should(traces[0]?.length).be.above(100);
		should(traces[0]).deepEqual(traces[1]);
	});
});
