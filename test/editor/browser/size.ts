import should from 'should';
import manifest from '../../../package.json';
import type {Session} from './session';

const types = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'];

/** The size of a text, for a test title. */
const kilobytes = (text: string): string => `${(Buffer.byteLength(text) / 1000).toFixed(1)} kB`;

export const describeSize = (session: Session): void => {
	describe('The editor part of the package', () => {
		it('loads at most 60 kB of scripts and forms before a dialog opens', async function () {
			const html = await session.nodeRed.text('/nodes', {Accept: 'text/html', 'Accept-Language': 'en-US'});
			const sets = html
				.split(/<!-- --- \[red-module:/)
				.filter((part) => types.some((type) => part.startsWith(`${manifest.name}/${type}]`)));
			should(sets).have.length(types.length);
			const all = sets.join('');
			const help = [...all.matchAll(/<script type="text\/html" data-help-name=[^]*?<\/script>/g)]
				.map(([text]) => text)
				.join('');
			should(help).not.equal('');
			const loaded = all.replaceAll(/<script type="text\/html" data-help-name=[^]*?<\/script>/g, '');
			const texts = (
				await Promise.all(types.map((type) => session.nodeRed.text(`/locales/${manifest.name}/${type}?lng=en-US`)))
			).join('');
			if (this.test) {
				const others = `${kilobytes(help)} of help and ${kilobytes(texts)} of other texts`;
				this.test.title += ` (${kilobytes(loaded)}; beside them ${others})`;
			}

			should(Buffer.byteLength(loaded)).be.within(10_000, 60_000);
		});
	});
};
