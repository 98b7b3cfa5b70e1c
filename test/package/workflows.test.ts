import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {parse} from 'yaml';
import {root} from '../../scripts/setup.mjs';

interface Job {
	readonly uses?: string;
	readonly 'timeout-minutes'?: number;
	readonly permissions?: Readonly<Record<string, string>>;
	readonly steps?: readonly {
		readonly uses?: string;
		readonly run?: string;
		readonly with?: Readonly<Record<string, unknown>>;
	}[];
}

interface Workflow {
	readonly permissions: Readonly<Record<string, string>>;
	readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, '.github', 'workflows');
const source = (name: string): string => readFileSync(join(folder, name), 'utf8');
const workflow = (name: string): Workflow => parse(source(name)) as Workflow;

for (const name of readdirSync(folder)) {
	describe(`The workflow ${name}`, () => {
		it('pins every action to a commit and names its version', () => {
			const uses = source(name)
				.split('\n')
				.filter((line) => /\buses:/.test(line) && !/uses: \.\//.test(line));
			uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)).should.be.empty();
		});

		it('grants read access, and more only to the job that publishes', () => {
			const {permissions, jobs} = workflow(name);
			permissions.should.deepEqual({contents: 'read'});
			const more = Object.entries(jobs)
				.filter(([, job]) => job.permissions !== undefined)
				.map(([id]) => id);
			more.should.deepEqual(name === 'release.yml' ? ['publish'] : []);
		});

		it('leaves no credentials behind, puts no outside text into a command, and has a time limit', () => {
			for (const {uses, steps = [], 'timeout-minutes': limit} of Object.values(workflow(name).jobs)) {
				should(uses !== undefined || (limit !== undefined && limit <= 60)).be.true();
				for (const {uses: action = '', run = '', with: options = {}} of steps) {
					run.should.not.containEql('${{');
					if (action.startsWith('actions/checkout@')) {
						should(options['persist-credentials']).be.false();
					}
				}
			}
		});
	});
}

describe('The release workflow', () => {
	it('publishes only what was tested, with provenance and an SBOM but without a token', () => {
		const {jobs} = workflow('release.yml');
		should(jobs.publish).have.properties({needs: 'test', permissions: {contents: 'write', 'id-token': 'write'}});
		const commands = (jobs.publish?.steps ?? []).map(({run = ''}) => run).join('\n');
		commands.should.match(/npm publish .* --provenance/);
		commands.should.containEql('npm sbom --sbom-format=cyclonedx');
		source('release.yml').should.not.containEql('secrets.');
	});
});
