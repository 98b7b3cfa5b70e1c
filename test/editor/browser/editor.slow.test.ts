import should from 'should';
import {closeBrowser} from '../../node-red/browser';
import {describeAppearance} from './appearance';
import {describeConnectionTest} from './connection';
import {describeExamples} from './examples';
import {describeFirstFax} from './first-fax';
import {describeForms} from './forms';
import {describeLanguages} from './languages';
import {describeMistakes} from './mistakes';
import {legs, Session} from './session';
import {describeSize} from './size';
import {describeWaitingFaxes} from './waiting';

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

		// A suite of its own, because Mocha runs tests of the outer suite before those of the suites above.
		describe('The browser console', () => {
			it('holds no error at the end', () => {
				should(session.complaints).be.empty();
			});
		});
	});
}
