import should from 'should';
import {coreDigest, readBoard, sum, withRun, type Board} from './board';
import {parseOptions} from './options';
import {quoted} from './readme';
import {table} from './table';

describe('The board of all campaigns', () => {
	const empty: Board = {version: '1.0.0', core: 'old', cores: {}};

	it('adds up the runs of a campaign, and keeps the worst of what is not a count', () => {
		const once = withRun(empty, 'old', 'kills', 1, {figures: {lost: 0, kills: 3, worstMs: 70}, problems: []});
		const twice = withRun(once, 'old', 'kills', 2, {
			figures: {lost: 1, kills: 4, worstMs: 20},
			problems: ['one was lost'],
		});
		should(twice.cores.old).deepEqual({
			kills: {runs: 2, seeds: [1, 2], problems: 1, figures: {lost: 1, kills: 7, worstMs: 70}},
		});
	});

	it('keeps apart what was shown of different states of the core, and tells what they have shown together', () => {
		const once = withRun(empty, 'old', 'kills', 1, {figures: {kills: 3}, problems: []});
		const twice = withRun(once, 'new', 'kills', 2, {figures: {kills: 4}, problems: []});
		should(twice.core).equal('new');
		should(twice.cores.new?.kills?.figures).deepEqual({kills: 4});
		should(sum(twice).kills?.figures).deepEqual({kills: 7});
	});

	it('forgets the mutation score of another state of the core', () => {
		const scored = {...empty, mutationScore: 99};
		const result = {figures: {kills: 3}, problems: []};
		should(withRun(scored, 'old', 'kills', 1, result)).have.property('mutationScore', 99);
		should(withRun(scored, 'new', 'kills', 1, result)).not.have.property('mutationScore');
	});

	it('knows the state of the core by what is in its files', () => {
		coreDigest()
			.should.match(/^[0-9a-f]{12}$/)
			.and.equal(coreDigest());
	});

	it('is quoted in the README as it is in docs/reliability.json', () => {
		quoted().should.equal(table(readBoard()));
	});

	it('has no loss on any core, and no early acknowledge but two, one of them of a simulated power cut that left a process alive; both are mended', () => {
		const {cores} = readBoard();
		const runs = Object.entries(cores).flatMap(([core, campaigns]) =>
			Object.entries(campaigns).map(([campaign, {figures}]) => ({
				run: `${campaign} on ${core}`,
				lost: figures.lost ?? 0,
				early: figures.early ?? 0,
			})),
		);
		runs
			.filter(({lost, early}) => lost > 0 || early > 0)
			.should.deepEqual([
				{run: 'histories on 8bb135239c92', lost: 0, early: 1},
				{run: 'histories on 216efb18f2ee', lost: 0, early: 1},
			]);
	});
});

describe('The command line of the campaigns', () => {
	it('runs the usual amount of each when none is named', () => {
		const {counts} = parseOptions([]);
		should(counts.get('histories')).equal(1000);
	});

	it('runs only those that are named, from the seed that is given', () => {
		const {counts, seed, replay} = parseOptions(['--histories', '7', '--seed', '5']);
		should([...counts]).deepEqual([['histories', 7]]);
		should(seed).equal(5);
		should(replay).be.undefined();
	});

	it('runs histories for as long as it is told', () => {
		const {counts, limitMs} = parseOptions(['--seconds', '9']);
		should([...counts]).deepEqual([['histories', Infinity]]);
		should(limitMs).equal(9000);
	});

	it('takes a history that is changed for a replay, which is not counted', () => {
		const {replay} = parseOptions(['--histories', '1', '--seed', '5', '--faxes', '3', '--without', 'kill,powerCut']);
		should(replay?.faxes).equal(3);
		should([...(replay?.without ?? [])]).deepEqual(['kill', 'powerCut']);
	});

	it('says what it takes when it does not understand', () => {
		(() => parseOptions(['--histories', 'many'])).should.throw(/--histories takes a whole number[^]*npm run campaign/);
		(() => parseOptions(['--without', 'rain'])).should.throw(/--without does not know rain/);
		(() => parseOptions(['--rain'])).should.throw(/rain/);
	});
});
