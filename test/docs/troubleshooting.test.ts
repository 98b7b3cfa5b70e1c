import 'should';
import {read} from './markdown';

interface Catalogue {
	readonly 'retarus-fax-in': {readonly status: Readonly<Record<string, string>>};
}

const troubleshooting = read('docs/troubleshooting.md');
const codes = new Set(read('lib/errors.ts').match(/\bRETARUS_[A-Z_]+/g));

describe('Troubleshooting', () => {
	const {status} = (JSON.parse(read('locales/en-US/retarus-fax-in.json')) as Catalogue)['retarus-fax-in'];

	for (const text of Object.values(status)) {
		it(`explains the status "${text}"`, () => {
			troubleshooting.should.containEql(`\`${text}\``);
		});
	}

	for (const code of codes) {
		it(`says what to do about ${code}`, () => {
			troubleshooting.should.containEql(`| \`${code}\` |`);
		});
	}
});
