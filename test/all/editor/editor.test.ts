import should from 'should';
import {closeBrowser} from '../../helpers/browser';
import {nodeRed4} from '../../helpers/node-red';
import {nodeRed5} from '../../helpers/node-red-5';
import {describeAppearance} from './appearance';
import {describeConnectionTest} from './connection';
import {describeExamples} from './examples';
import {describeFirstFax} from './first-fax';
import {describeForms} from './forms';
import {describeLanguages} from './languages';
import {describeMistakes} from './mistakes';
import {Session, type Leg} from './session';
import {describeSize} from './size';
import {describeWaitingFaxes} from './waiting';

const legs: readonly Leg[] = [
	{name: 'Node-RED 4.1', runtime: () => nodeRed4, hasDarkTheme: false, languages: ['de', 'fr', 'es-ES', 'ja']},
	{name: 'Node-RED 5', runtime: nodeRed5, hasDarkTheme: true, languages: ['de', 'ja']},
];

after(closeBrowser);

for (const leg of legs) {
	describe(`The editor of ${leg.name}`, function () {
		this.timeout(120_000);
		const session = new Session(leg);
		before(() => session.start());
		after(() => session.end());
		afterEach(async function () {
			if (this.currentTest?.state === 'failed') {
				await session.keepPicture(this.currentTest.title);
			}
		});

		describeFirstFax(session);
		describeMistakes(session);
		describeForms(session);
		describeConnectionTest(session);
		describeWaitingFaxes(session);
		describeAppearance(session);
		describeLanguages(session);
		describeExamples(session);
		describeSize(session);

		// Mocha runs what stands here directly before everything above.
		describe('After all that', () => {
			it('the console of the browser holds no error', () => {
				should(session.complaints).be.empty();
			});
		});
	});
}
