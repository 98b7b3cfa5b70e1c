import {screen} from './screen.mjs';

/** Shows what has become of faxes. */
export function show(news) {
	for (const {stage, fax} of news) {
		const {id, from, pages} = fax.facts;
		switch (stage) {
			case 'received':
				screen.stage(stage, id, `${pages === 1 ? '1 page' : `${pages} pages`} from ${from}`);
				break;
			case 'archived':
				for (const {name} of fax.documents) {
					screen.stage(stage, name, '');
				}

				break;
			default:
				screen.stage(stage, id, '');
		}
	}
}
