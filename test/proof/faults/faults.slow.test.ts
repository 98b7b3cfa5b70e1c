import should from 'should';
import {sentence} from './outcomes';
import {cells} from './table';
import {walk} from './walk';

describe('A fault on real sockets', () => {
	for (const cell of cells) {
		it(sentence(cell), async () => {
			const {outcome, problems} = await walk(cell, 'recover');
			should(problems).be.empty();
			should(sentence({...cell, outcome})).equal(sentence(cell));
		});
	}

	for (const cell of cells) {
		it(`${cell.kind}, ${cell.phase}: the process ends meanwhile, and another one loses nothing`, async () => {
			const {problems} = await walk(cell, 'restart');
			should(problems).be.empty();
		});
	}
});
